"""What a file name says: the kind of document by the longest alias, and what is left over, which may be a person."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from mailintake.model.rules import RuleSet
from mailintake.model.value import value
from mailintake.stages.words.fold import fold, simplify

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s_\-.,+~#@&()\[\]{}\u3010\u3011\u300a\u300b\u3001:;'\"\u201c\u201d|/\\=]+")
_HAN = r"[\u3400-\u9fff]"
_BESIDE_HAN = re.compile(rf"(?<={_HAN}) | (?={_HAN})")
_GLUED = 5  # a Latin alias of one word this long is recognised inside a longer word: "zhangsanphoto"


@value
class NamedKind:
    """The kinds that share the longest alias of a name; several when the name is generic for them all."""

    kinds: tuple[str, ...]
    alias: str


@value
class _Alias:
    text: str
    kinds: tuple[str, ...]
    latin: bool


@lru_cache(maxsize=16384)
def plain_name(name: str) -> str:
    """A file name for comparing: folded, CamelCase cut, separators to one blank, none beside Chinese characters."""
    spaced = _SEPARATORS.sub(" ", fold(_CAMEL.sub(" ", name)))
    return _BESIDE_HAN.sub("", spaced).strip()


def stem(name: str) -> str:
    """A file name without its extension; names of folders and names without extension stay whole."""
    head, dot, tail = name.rpartition(".")
    return head if dot and head and len(tail) <= 5 and tail.isascii() and tail.isalnum() else name


def without_names(name: str, known: Iterable[str]) -> str:
    """A file name with the known names blanked by a bar; `known` is the longest first."""
    plain = simplify(name)
    for person in known:
        plain = plain.replace(person, "|")
    return plain


def kind_by_name(name: str, rules: RuleSet) -> NamedKind | None:
    """The kind a file or folder name speaks for. `name` is without extension. A word that mails of every kind bear in
    their file names (商旅卡) speaks for a kind only where nothing else does."""
    plain = plain_name(name)
    best: tuple[bool, int, int] = (False, 0, -1)
    noise = _plain_names(rules.vocabulary.words("file_noise"))
    found: NamedKind | None = None
    for alias in _aliases_in(plain, rules):
        at = _find(alias, plain)
        if at < 0 or (rank := (alias.text not in noise, len(alias.text), at)) <= best:
            continue
        kinds = tuple(kind for kind in alias.kinds if not _spoken_against(kind, plain, rules))
        if kinds:
            best, found = rank, NamedKind(kinds, alias.text)
    return _narrowed(found, plain, rules) if found and len(found.kinds) > 1 else found


@lru_cache(maxsize=8)
def _plain_names(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain_name(word) for word in words)


def _narrowed(found: NamedKind, plain: str, rules: RuleSet) -> NamedKind:
    """A name generic for several kinds, made specific by a shorter alias that only one of them has."""
    for alias in _aliases_in(plain, rules):
        if len(alias.kinds) == 1 and alias.kinds[0] in found.kinds and _find(alias, plain) >= 0:
            return NamedKind(alias.kinds, f"{found.alias} {alias.text}")
    return found


def left_over(name: str, rules: RuleSet) -> str:
    """The name with every alias of every kind blanked out by a bar: what is left may be a person."""
    plain = plain_name(name)
    for alias in _aliases_in(plain, rules):
        if len(alias.text) > 1 and _find(alias, plain) >= 0:  # a longer one may have blanked it out
            plain = re.sub(_pattern(alias), "|", plain)
    return plain


def kinds_named_in(text: str, rules: RuleSet) -> tuple[str, ...]:
    """Kinds whose aliases stand in running text, longest alias first; a shorter one inside a longer does not count."""
    plain = fold(text)[:4000]
    found: dict[str, None] = {}
    for alias in _aliases_in(plain, rules):
        if (not alias.latin or len(alias.text) >= _GLUED) and _find(alias, plain) >= 0:
            plain = re.sub(_pattern(alias), "|", plain)
            found.update(dict.fromkeys(alias.kinds))
    return tuple(found)


@lru_cache(maxsize=4096)
def _aliases_in(plain: str, rules: RuleSet) -> tuple[_Alias, ...]:
    """Those that stand in the text, be it inside of words. The same file is named in one mail again and again."""
    return tuple(alias for alias in _aliases(rules) if alias.text in plain)


@lru_cache(maxsize=8)
def _aliases(rules: RuleSet) -> tuple[_Alias, ...]:
    owners: dict[str, dict[str, None]] = {}
    for key, kind in rules.kinds.items():
        for alias in kind.aliases:
            if text := plain_name(alias):
                owners.setdefault(text, {})[key] = None
    made = [_Alias(text, tuple(keys), text.isascii()) for text, keys in owners.items()]
    return tuple(sorted(made, key=lambda alias: (-len(alias.text), alias.text)))


def _find(alias: _Alias, plain: str) -> int:
    """Where the alias stands, the last place first; -1: nowhere."""
    at = plain.rfind(alias.text)
    while at >= 0 and alias.latin and not _free(plain, at, at + len(alias.text)):
        at = plain.rfind(alias.text, 0, at)
    return at


def _free(plain: str, start: int, end: int) -> bool:
    if _is_glued(plain[start:end]):
        return True
    return not (_is_a_to_z(plain[start - 1 : start]) or _is_a_to_z(plain[end : end + 1]))


def _is_glued(alias: str) -> bool:
    """Several words ("e sign") are never found inside others: "tongxue sign" is no "tongxu"."""
    return len(alias) >= _GLUED and " " not in alias


def _is_a_to_z(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _pattern(alias: _Alias) -> str:
    word = re.escape(alias.text)
    return word if not alias.latin or _is_glued(alias.text) else rf"(?<![a-z]){word}(?![a-z])"


def _spoken_against(kind: str, plain: str, rules: RuleSet) -> bool:
    return any(_find(_Alias(word, (), word.isascii()), plain) >= 0 for word in _against(rules.kinds[kind].not_aliases))


@lru_cache(maxsize=256)
def _against(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain_name(word) for word in words)


def folders(path: str) -> Iterator[str]:
    """Folder and container names of a path, innermost first, containers without extension."""
    for part in reversed(path.split("/")[:-1]):
        if name := stem(part):
            yield name
