"""Personal names in the names of files and folders, in characters or as they are spelt."""

import re
from collections.abc import Iterator, Sequence

from mailintake.model.rules import RuleSet
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import kind_by_name, left_over, plain_name
from mailintake.stages.words.names import NameWords, Role, find_names, is_name
from mailintake.stages.words.pinyin import split_latin, surname_spellings

_HAN_RUN = re.compile(r"[\u3400-\u9fff\u00b7]+")
_PARTED = re.compile(r"[\s_\-.,+()\[\]\u3010\u3011\u3001|#&/]+")
_LATIN_RUN = re.compile(r"[a-z]{2,}(?: [a-z]{2,})*")
_VOWEL = re.compile("[aeiouv]")


def known_in_name(name: str, personal: bool, known: Sequence[str]) -> Iterator[str]:
    """Known names in a file name, the longest first, each place once. In the name of a paper of the group a name tells
    nothing that the text does not."""
    rest = simplify(name)
    for person in known if personal else ():
        if person in rest:
            rest = rest.replace(person, "|")
            yield person


def chinese_in_name(name: str, personal: bool, lexicon: NameWords, rules: RuleSet) -> Iterator[str]:
    """Chinese personal names that remain of a file name once kinds and filler are taken out. Two characters that begin
    like an ordinary word are a name only on a personal paper."""
    apart = [piece for piece in _PARTED.split(simplify(name)) if is_name(piece, lexicon, bounded=True)]
    if personal and apart and not kind_by_name(apart[0], rules):
        yield from (piece for piece in apart if not kind_by_name(piece, rules))
        return
    rest = left_over(name, rules)
    noise = sorted({plain_name(word) for word in rules.vocabulary.words("file_noise")}, key=len, reverse=True)
    for word in (word for word in noise if len(word) > 1 and not word.isascii()):
        rest = rest.replace(word, "|")
    single = "".join(word for word in noise if len(word) == 1 and not word.isascii())
    for run in _HAN_RUN.findall(simplify(rest)):
        bare = run if is_name(run, lexicon, bounded=True) else run.strip(single)
        if is_name(bare, lexicon, bounded=personal):
            yield bare
        else:
            yield from (m.name for m in find_names(bare, lexicon) if m.role >= Role.SPOKEN)


def latin_in_name(name: str, rules: RuleSet) -> Iterator[str]:
    """SURNAME GIVEN for the Latin words that remain of a file name, where they can be a Chinese name."""
    noise = {plain_name(word) for word in rules.vocabulary.words("file_noise") if word.isascii()}
    for run in _LATIN_RUN.findall(left_over(name, rules)):
        words = [word for word in run.split() if word not in noise]
        spoken = [word for word in words if _VOWEL.search(word)]  # without abbreviations: zhangsan_qm
        for some in (words, spoken):
            found = split_latin(" ".join(some), surname_latin(rules)) if len("".join(some)) > 3 else None
            if found:
                yield found
                break


def surname_latin(rules: RuleSet) -> frozenset[str]:
    """How the surnames of the lists are spelt."""
    lists = rules.vocabulary
    return surname_spellings((*lists.words("surnames"), *lists.words("compound_surnames")))
