"""材料: the page as a picture with the places that were read, beside what was measured, required and decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from mailintake.desk.pages import desk_of, number_of, page, visitor
from mailintake.desk.place import Desk
from mailintake.desk.views import checked_documents, person_name
from mailintake.model.assessment import CheckedDocument
from mailintake.model.case import Case
from mailintake.model.facts import Area
from mailintake.model.letter import Item
from mailintake.worker.shells import log_event

_TURNS = 360


@dataclass(frozen=True)
class Box:
    """A rectangle on the picture, in its pixels."""

    id: int
    label: str
    value: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Fact:
    """What was read, and its rectangle where it is on this page."""

    label: str
    value: str
    sure: bool
    box_id: int | None


@dataclass(frozen=True)
class Said:
    """One finding in words."""

    fault: str
    came: str
    required: str
    clause: str


def document(request: Request) -> Response:
    """One document of a case."""
    desk = desk_of(request)
    case, place = desk.shells.store.case(request.path_params["number"]), request.path_params["place"]
    documents = checked_documents(case) if case else ()
    if case is None or place >= len(documents):
        return page(request, "missing.html", 404)
    checked = documents[place]
    _note_view(request, case, checked)
    number, turn = max(1, number_of(request, "page", 1)), number_of(request, "turn") % _TURNS
    facts = checked.document.facts
    picture = desk.pictures.page(checked.document.sha256, facts.format, number, turn) if facts else None
    width, height = _pixels(picture)
    boxes = tuple(_boxes(desk, checked, number, width, height)) if picture and not turn else ()
    kind = desk.shells.rules.kinds.get(checked.document.kind or "")
    after = place + 1 if place + 1 < len(documents) else None
    here = f"/cases/{case.number}/documents/{place}"
    return page(
        request,
        "document.html",
        case=case,
        document=checked.document,
        checked=checked,
        title=kind.title if kind else "",
        owner=person_name(case.applicant(checked.document.applicant)),
        place=place,
        count=len(documents),
        before=place - 1 if place else None,
        after=after,
        here=here,
        next_back=f"/cases/{case.number}/documents/{after}" if after is not None else f"/cases/{case.number}",
        target=f"{case.number}/{checked.document.sha256}",
        page=number,
        pages=_pages(checked),
        turn=turn,
        picture={"width": width, "height": height} if picture else None,
        unseen=desk.offers.sentence("unseen", _why_unseen(checked)),
        boxes=boxes,
        facts=tuple(_facts(desk, checked, boxes)),
        findings=tuple(_said(desk, checked)),
        skipped=tuple(desk.offers.sentence("skipped", s.partition(": ")[2]) for s in checked.not_checked),
        rulings=tuple(r for r in case.rulings if r.sha256 == checked.document.sha256),
        text=_text(checked),
        offers=tuple(desk.offers.for_document(case, desk.shells.rules, desk.words)),
    )


def _pixels(picture: Path | None) -> tuple[int, int]:
    if picture is None:
        return 0, 0
    with Image.open(picture) as image:
        return image.size


def _note_view(request: Request, case: Case, checked: CheckedDocument) -> None:
    """Every look at somebody's papers is an event."""
    desk = desk_of(request)
    with desk.shells.store.begin() as unit:
        who = f"staff:{visitor(request).person.name}"
        log_event(unit, desk.now, "document.viewed", case=case.number, actor=who, sha256=checked.document.sha256)


def _pages(checked: CheckedDocument) -> int:
    facts = checked.document.facts
    return max(1, facts.pdf.pages) if facts and facts.pdf else 1


def _why_unseen(checked: CheckedDocument) -> str:
    facts = checked.document.facts
    problem = checked.document.problem or (facts.problem if facts else "")
    return problem.partition(".")[2] or "kind"


def _boxes(desk: Desk, checked: CheckedDocument, number: int, width: int, height: int) -> Iterator[Box]:
    fields = [f for f in checked.document.reading.fields if f.box is not None and (f.page or 1) == number]
    for place, field in enumerate(fields):
        label = desk.offers.sentence("field", field.name)
        yield _box(place, label, field.value, field.box, width, height)  # type: ignore[arg-type]
    facts = checked.document.facts
    image = facts.image if facts else None
    if image is not None and number == 1 and (ink := getattr(image, "ink", None)) is not None:
        shares = getattr(ink, "box", None)
        if isinstance(shares, Area):
            yield _box(len(fields), desk.offers.sentence("field", "ink"), "", shares, width, height)


def _box(place: int, label: str, said: str, area: Area, width: int, height: int) -> Box:
    return Box(
        place, label, said, area.left * width, area.top * height,
        (area.right - area.left) * width, (area.bottom - area.top) * height,
    )  # fmt: skip


def _facts(desk: Desk, checked: CheckedDocument, boxes: tuple[Box, ...]) -> Iterator[Fact]:
    by_value = {(b.label, b.value): b.id for b in boxes}
    for field in checked.document.reading.fields:
        label = desk.offers.sentence("field", field.name)
        yield Fact(label, field.value, field.sure, by_value.get((label, field.value)))


def _said(desk: Desk, checked: CheckedDocument) -> Iterator[Said]:
    kind = desk.shells.rules.kinds.get(checked.document.kind or "")
    title = kind.title if kind else ""
    for finding in checked.findings:
        item = Item(checked.document.kind or "", title, finding.code, (), checked.document.name, finding=finding)
        wording = desk.shells.renderer.wording(item)
        yield Said(wording.fault, wording.came, wording.required, finding.clause)


def _text(checked: CheckedDocument) -> str:
    facts = checked.document.facts
    if facts is None or facts.text is None:
        return ""
    return "\n".join(line.text for line in facts.text.lines)


def picture(request: Request) -> Response:
    """The page as a PNG that the reader made anew; never a stranger's bytes."""
    found = _found(request)
    if found is None or found.document.facts is None:
        return page(request, "missing.html", 404)
    turn = number_of(request, "turn") % _TURNS
    number = request.path_params["page"]
    made = desk_of(request).pictures.page(found.document.sha256, found.document.facts.format, number, turn)
    if made is None:
        return page(request, "missing.html", 404)
    return FileResponse(made, media_type="image/png", headers={"cache-control": "private, max-age=600"})


def original(request: Request) -> Response:
    """The file as it came, only ever as a download that the browser opens nowhere."""
    found = _found(request)
    if found is None:
        return page(request, "missing.html", 404)
    return download(request, found.document.sha256, found.document.name)


def download(request: Request, sha256: str, name: str) -> Response:
    """A stranger's bytes: as an attachment, of no type, in a sandbox (ASVS 5.0 5.4)."""
    desk = desk_of(request)
    try:
        path = desk.shells.store.files.path(sha256)
    except KeyError:
        return page(request, "missing.html", 404)
    headers: Mapping[str, str] = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return FileResponse(path, media_type="application/octet-stream", headers=dict(headers))


def _found(request: Request) -> CheckedDocument | None:
    case = desk_of(request).shells.store.case(request.path_params["number"])
    documents, place = checked_documents(case) if case else (), request.path_params["place"]
    return documents[place] if place < len(documents) else None


ROUTES = (
    Route("/cases/{number}/documents/{place:int}", document, methods=["GET"]),
    Route("/pictures/{number}/{place:int}/{page:int}.png", picture, methods=["GET"]),
    Route("/files/{number}/{place:int}", original, methods=["GET"]),
)
