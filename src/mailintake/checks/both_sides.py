"""Front and back of a card."""

from collections.abc import Iterator

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.document import Document
from mailintake.model.value import config_value

_FRONT, _BACK = "front", "back"  # what the reader of cards saw


@config_value
class Params:
    """Words of file names for both sides, the front, the back; lower case."""

    both: tuple[str, ...] = ()
    front: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


@check
def both_sides(subject: Subject, params: Params) -> Result:
    """Both sides of the card came, in one file or two (guide 3.1①②: 卡的正反面). A file whose name and text say no side
    is held to show both."""
    mine = subject.document
    alike = (d for d in subject.others if d.kind == mine.kind and d.applicant == mine.applicant)
    sides = {side for document in (mine, *alike) for side in _sides(document, params)}
    if {_FRONT, _BACK} <= sides:
        return OK
    return subject.found("one_side", {"side": "/".join(sorted(sides))})


def _sides(document: Document, params: Params) -> Iterator[str]:
    name = document.name.lower()
    yield from (side for side in document.reading.evidence if side in (_FRONT, _BACK))
    if any(word in name for word in params.both):
        yield from (_FRONT, _BACK)
        return
    front, back = (any(word in name for word in words) for words in (params.front, params.back))
    yield from (side for side, said in ((_FRONT, front), (_BACK, back)) if said or not (front or back))
