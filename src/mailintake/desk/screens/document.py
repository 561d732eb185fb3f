"""材料: the page as a picture with the places that were read, beside what was measured, required and decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from mailintake.desk.marks import Mark, marks_of, pages_of, spans_of, upright
from mailintake.desk.notes import note
from mailintake.desk.pages import desk_of, drafts_of, number_of, page
from mailintake.desk.place import Desk
from mailintake.desk.views import checked_documents, person_name
from mailintake.model.assessment import CheckedDocument
from mailintake.model.case import Case
from mailintake.model.letter import Item
from mailintake.model.procedure import DocumentKind, Severity

_TURNS = 360
_CLOSEST = 3  # times the width of its frame


@dataclass(frozen=True)
class Fact:
    """What was read, and the number of its rectangle where it is on this page."""

    label: str
    value: str
    sure: bool
    mark: int | None


@dataclass(frozen=True)
class Said:
    """One finding in words."""

    fault: str
    came: str
    required: str
    clause: str
    hint: bool  # for staff only: the document counts all the same


def document(request: Request) -> Response:
    """One document of a case."""
    desk = desk_of(request)
    case, place = desk.shells.store.case(request.path_params["number"]), request.path_params["place"]
    documents = checked_documents(case) if case else ()
    if case is None or place >= len(documents):
        return page(request, "missing.html", 404)
    checked = documents[place]
    kind = desk.shells.rules.kinds.get(checked.document.kind or "")
    target = f"{case.number}/{checked.document.sha256}"
    offers = desk.offers.for_document(case, desk.shells.rules, desk.words)
    after = place + 1 if place + 1 < len(documents) else None
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
        here=f"/cases/{case.number}/documents/{place}",
        next_back=f"/cases/{case.number}/documents/{after}" if after is not None else f"/cases/{case.number}",
        target=target,
        **_shown(request, case, checked, kind),
        findings=tuple(_said(desk, checked)),
        skipped=tuple(
            dict.fromkeys(desk.offers.sentence("skipped", s.partition(": ")[2]) for s in checked.not_checked)
        ),
        rulings=tuple(r for r in case.rulings if r.sha256 == checked.document.sha256),
        offers=offers,
        drafts=drafts_of(request, (f"{target}-{name}" for name in ("rule", *(offer.name for offer in offers)))),
    )


def _shown(request: Request, case: Case, checked: CheckedDocument, kind: DocumentKind | None) -> dict[str, Any]:
    """The picture of the page asked for, what is drawn over it, and what was read."""
    desk, facts = desk_of(request), checked.document.facts
    number = min(max(1, number_of(request, "page", 1)), pages_of(facts))
    text = facts.text if facts else None
    turn = number_of(request, "turn", upright(text, number)) // 90 * 90 % _TURNS
    zoom = min(max(1, number_of(request, "zoom", 1)), _CLOSEST)
    picture = desk.pictures.page(checked.document.sha256, facts.format, number, turn) if facts else None
    width, height = _pixels(picture)
    marks = marks_of(checked.document, kind, number, turn) if picture else ()
    if "zoom" not in request.query_params:
        _note_view(request, case, checked, number)
    return {
        "page": number,
        "pages": pages_of(facts),
        "turn": turn,
        "zoom": zoom,
        "closest": _CLOSEST,
        "picture": {"width": width, "height": height} if picture else None,
        "unseen": desk.offers.sentence("unseen", _why_unseen(checked)),
        "marks": tuple((mark, _label(desk, mark.fields)) for mark in marks),
        "spans": spans_of(text, number, turn) if picture else (),
        "text": "\n".join(line.text for line in text.lines if line.page == number or not picture) if text else "",
        "facts": tuple(_facts(desk, checked, marks)),
    }


def _label(desk: Desk, fields: tuple[str, ...]) -> str:
    return desk.offers.sentence("flash", "comma").join(desk.offers.sentence("field", name) for name in fields)


def _pixels(picture: Path | None) -> tuple[int, int]:
    if picture is None:
        return 0, 0
    with Image.open(picture) as image:
        return image.size


def _note_view(request: Request, case: Case, checked: CheckedDocument, number: int, what: str = "viewed") -> None:
    """Every look at somebody's papers is an event."""
    note(request, f"document.{what}", case=case.number, sha256=checked.document.sha256, page=str(number))


def _why_unseen(checked: CheckedDocument) -> str:
    facts = checked.document.facts
    problem = checked.document.problem or (facts.problem if facts else "")
    return problem.partition(".")[2] or "kind"


def _facts(desk: Desk, checked: CheckedDocument, marks: tuple[Mark, ...]) -> Iterator[Fact]:
    places = {(name, value): m.id for m in marks for name, value in m.read}
    for field in checked.document.reading.fields:
        label = desk.offers.sentence("field", field.name)
        value = desk.offers.value(field.name, field.value)
        yield Fact(label, value, field.sure, places.get((field.name, field.value)))


def _said(desk: Desk, checked: CheckedDocument) -> Iterator[Said]:
    kind = desk.shells.rules.kinds.get(checked.document.kind or "")
    title = kind.title if kind else ""
    for finding in checked.findings:
        item = Item(checked.document.kind or "", title, finding.code, (), checked.document.name, finding=finding)
        wording = desk.shells.renderer.wording(item)
        hint = finding.severity is not Severity.CORRECT
        yield Said(wording.fault, wording.came, wording.required, finding.clause, hint)


def picture(request: Request) -> Response:
    """The page as a PNG that the reader made anew; never a stranger's bytes."""
    found = _found(request)
    if found is None or found.document.facts is None:
        return page(request, "missing.html", 404)
    turn, number = number_of(request, "turn") // 90 * 90 % _TURNS, request.path_params["page"]
    small = "small" in request.query_params
    pictures, facts = desk_of(request).pictures, found.document.facts
    made = pictures.page(facts.sha256, facts.format, number, turn, small=small)
    if made is None:
        return page(request, "missing.html", 404)
    case = desk_of(request).shells.store.case(request.path_params["number"])
    if case is not None and not small and request.headers.get("sec-fetch-dest") != "image":
        _note_view(request, case, found, number)  # opened by itself; within its page the page was the look
    return FileResponse(made, media_type="image/png", headers={"cache-control": "private, max-age=600"})


def original(request: Request) -> Response:
    """The file as it came, only ever as a download that the browser opens nowhere."""
    found = _found(request)
    if found is None:
        return page(request, "missing.html", 404)
    case = desk_of(request).shells.store.case(request.path_params["number"])
    if case is not None:
        _note_view(request, case, found, 0, "downloaded")
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
