"""What the words of a paper's own text say for or against a kind: `text_any`, `text_all`, `text_not` of documents.yaml.

A weak source: it chooses between kinds that a name leaves open, it takes a name back, and it decides alone only for
kinds that list the words which must all be there.
"""

from collections.abc import Sequence
from functools import lru_cache

from mailintake.model.facts import FileFacts
from mailintake.model.procedure import DocumentKind
from mailintake.model.rules import RuleSet
from mailintake.stages.words.fold import fold

_LONGEST = 20_000  # characters; a paper names itself early


def text_of(facts: FileFacts | None) -> str:
    """The text of a file as words are looked for in it; empty where it was not read or has none."""
    return fold(facts.text.text[:_LONGEST]) if facts is not None and facts.text is not None else ""


def chosen(text: str, options: Sequence[str], rules: RuleSet) -> tuple[str, str]:
    """The one kind of `options` that the text speaks for, and the word that does; two empty texts where none or
    several."""
    spoken = [(key, word) for key in options if (word := _speaks_for(text, rules.kinds[key]))]
    return spoken[0] if len(spoken) == 1 else ("", "")


def recognised(text: str, rules: RuleSet) -> tuple[str, str]:
    """The one kind whose every necessary word stands in the text, and these words; as above."""
    sure = [key for key, kind in rules.kinds.items() if kind.text_all and _speaks_for(text, kind)]
    return (sure[0], ", ".join(rules.kinds[sure[0]].text_all)) if len(sure) == 1 else ("", "")


def taken_back(text: str, kind: DocumentKind) -> str:
    """A word that says that the paper is not what its name says, where no word says that it is; else empty."""
    return "" if _first(text, kind.text_any) else _first(text, kind.text_not)


def _speaks_for(text: str, kind: DocumentKind) -> str:
    """A word of `text_any` (where none is given, of `text_all`) with all of `text_all` and none of `text_not`."""
    every = all(word in text for word in _folded(kind.text_all))
    if not text or not every or _first(text, kind.text_not):
        return ""
    return _first(text, kind.text_any or kind.text_all)


def _first(text: str, words: tuple[str, ...]) -> str:
    return next((word for word in _folded(words) if word in text), "") if text else ""


@lru_cache(maxsize=128)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(word) for word in words)
