"""禁办 signs: words and values with their evidence. The program raises a flag and never decides (guide 违规禁办)."""

import re
from collections.abc import Iterator

from mailintake.model.assessment import Flag
from mailintake.model.case import Case
from mailintake.model.procedure import Prohibition
from mailintake.model.rules import RuleSet
from mailintake.stages.fold import fold

_SENTENCE = re.compile(r"[\n;!?\u3002\uff1b\uff01\uff1f]")
_DESCRIBES = "job_title"  # words about a person's work are looked for in values, never in running text
_TEXT_OF = frozenset({"letter", "certificate", "insurance"})  # finding subjects whose text is looked at
_SECOND_SIGN = 2
Place = tuple[str, str, str | None]  # where, text, applicant


def prohibition_flags(case: Case, rules: RuleSet) -> tuple[Flag, ...]:
    """One flag per item and person, with the words that spoke."""
    return tuple(
        flag for item in rules.prohibitions if case.procedure in item.procedures for flag in _flags(item, case, rules)
    )


def _flags(item: Prohibition, case: Case, rules: RuleSet) -> Iterator[Flag]:
    code = f"prohibited.{item.id}"
    places = tuple(dict.fromkeys((*_values(item, case), *_texts(item, case, rules))))
    for where, text, owner in places:
        if where in item.fields and text in item.values:
            yield Flag(code, f"{where}={text}", owner)
        for sentence in _open_sentences(text, item):
            found = [word for word in item.words if fold(word) in sentence]
            if found:
                yield Flag(code, f"{where}: {sentence[:80]}", owner)
    weak = _weak_signs(item, places)
    if len(weak) >= _SECOND_SIGN:
        yield Flag(code, " / ".join(f"{where}: {word}" for word, where in weak.items()))


def _weak_signs(item: Prohibition, places: tuple[Place, ...]) -> dict[str, str]:
    """Words that say nothing alone; a word inside a longer one that was found counts with it, once."""
    found: dict[str, str] = {}
    for where, text, _owner in places:
        for sentence in _open_sentences(text, item):
            for word in sorted(item.never_alone, key=len, reverse=True):
                if fold(word) in sentence and not any(word in longer for longer in found):
                    found[word] = where
    return found


def _open_sentences(text: str, item: Prohibition) -> Iterator[str]:
    """Sentences in which nothing takes the words back: 无犯罪记录, 传媒有限公司."""
    back = [fold(word) for word in item.not_words]
    for sentence in _SENTENCE.split(fold(text)):
        if sentence and not any(word in sentence for word in back):
            yield sentence


def _values(item: Prohibition, case: Case) -> Iterator[Place]:
    for person in case.applicants:
        yield from ((f.name, f.value, person.key) for f in person.fields if f.name in item.fields)
    yield from ((f.name, f.value, None) for f in case.fields if f.name in item.fields)
    for document in case.documents:
        yield from ((f.name, f.value, document.applicant) for f in document.reading.fields if f.name in item.fields)


def _texts(item: Prohibition, case: Case, rules: RuleSet) -> Iterator[Place]:
    """The running text of letters and certificates, where the item's words mean something in it."""
    if _DESCRIBES in item.fields:
        return
    for document in case.documents:
        kind = rules.kinds.get(document.kind or "")
        text = document.facts.text if document.facts else None
        if kind is not None and text is not None and kind.subject in _TEXT_OF:
            yield document.path, text.text, document.applicant
