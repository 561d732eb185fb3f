"""Files that could not be opened: which, and in which part of a letter they stand."""

from dataclasses import replace
from typing import NamedTuple

from mailintake.letters.masking import mask_text, mask_value
from mailintake.letters.matters import COULD_NOT_OPEN, known_numbers
from mailintake.model.assessment import Finding
from mailintake.model.case import Case
from mailintake.model.letter import Item, LetterKind, MatterView
from mailintake.model.message import InboundMessage


def each_once(
    kind: LetterKind, matters: tuple[MatterView, ...], unreadable: tuple[Item, ...]
) -> tuple[tuple[MatterView, ...], tuple[Item, ...]]:
    """A file stands either among what is to be mended or among what could not be opened, as the letter is about."""
    if kind is LetterKind.UNREADABLE:
        files = {item.file for item in unreadable}
        kept = (replace(m, todo=tuple(i for i in m.todo if not i.file or i.file not in files)) for m in matters)
        return tuple(kept), unreadable
    named = {came.file for m in matters for item in m.todo for came in item.came}
    return matters, tuple(item for item in unreadable if item.file not in named)


def unreadable_files(cases: tuple[Case, ...], message: InboundMessage | None, *, whole_case: bool) -> tuple[Item, ...]:
    """Every file that could not be opened, once, whether the parsed mail or the assessment says so. Files of earlier
    mails (`whole_case`) are named only while something is lacking: it may be in them."""
    found: dict[tuple[str, str], Item] = {}
    numbers = tuple(number for case in cases for number in known_numbers(case))
    earlier = (f for case in cases for f in _from_case(case, None if whole_case else message))
    for name, path, finding in (*earlier, *_from_message(message)):
        if finding.code.startswith(COULD_NOT_OPEN) and not finding.code.endswith((".unassigned", ".not_attached")):
            shown = {key: mask_value(item) for key, item in finding.measured.items()}
            item = Item("", "", finding.code, file=mask_text(name, numbers), finding=Finding(finding.code, shown))
            found.setdefault((path, finding.code), item)
    return tuple(found.values())


class _Unopened(NamedTuple):
    name: str
    path: str
    finding: Finding


def _from_message(message: InboundMessage | None) -> tuple[_Unopened, ...]:
    attachments = message.documents if message else ()
    return tuple(_Unopened(a.name, a.path, Finding(a.problem)) for a in attachments if a.problem)


def _from_case(case: Case, only: InboundMessage | None) -> tuple[_Unopened, ...]:
    wanted = [d for d in case.documents if only is None or d.message == only.sha256]
    found = []
    for checked in case.assessment.documents if case.assessment else ():  # first: they say why
        if not checked.superseded and (only is None or checked.document.message == only.sha256):
            found += [_Unopened(checked.document.name, checked.document.path, f) for f in checked.findings]
    return (*found, *(_Unopened(d.name, d.path, Finding(d.problem)) for d in wanted if d.problem))
