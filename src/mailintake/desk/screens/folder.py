"""The whole file of a case as one download, to be handed over or kept: papers and mails as they came, letters as they
went, what happened in the order in which it did, and the case as the program knows it."""

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from mailintake.desk.notes import note
from mailintake.desk.pages import desk_of, moment, page
from mailintake.desk.place import Desk
from mailintake.desk.screens.case import timeline
from mailintake.desk.views import checked_documents
from mailintake.model.case import Case
from mailintake.model.codec import encode

_LONGEST = 80  # characters of a name inside the archive


def folder(request: Request) -> Response:
    """As an archive, with a line in the log."""
    desk = desk_of(request)
    case = desk.shells.store.case(request.path_params["number"])
    if case is None:
        return page(request, "missing.html", 404)
    note(request, "case.exported", case=case.number)
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as made:
        written = Path(made.name)
        with ZipFile(made, "w", ZIP_DEFLATED) as archive:
            archive.writestr("case.json", json.dumps(encode(case), ensure_ascii=False, indent=1))
            archive.writestr("timeline.csv", _timeline(desk, case))
            for name, sha256 in _files(desk, case):
                try:
                    archive.write(desk.shells.store.files.path(sha256), name)
                except KeyError:  # its time was over; the name and the hash stand in case.json
                    archive.writestr(f"{name}.missing", sha256)
    headers = {"content-disposition": f'attachment; filename="{case.number}.zip"'}
    return FileResponse(
        written, media_type="application/zip", headers=headers, background=BackgroundTask(written.unlink)
    )


class Packed(NamedTuple):
    name: str  # inside the archive
    sha256: str  # of what stands there


def _files(desk: Desk, case: Case) -> Iterator[Packed]:
    """What the archive holds; numbered, so that two of one name are two."""
    for place, checked in enumerate(checked_documents(case), start=1):
        yield Packed(f"papers/{place:03}-{_plain(checked.document.name)}", checked.document.sha256)
    for place, sha256 in enumerate(case.messages, start=1):
        yield Packed(f"mails/{place:03}.eml", sha256)
    for entry in desk.shells.store.outbox(cases=(case.number,)):
        yield Packed(f"letters/{entry.id:06}-{entry.state.value}.eml", entry.sha256)


def _plain(name: str) -> str:
    """A name that leads nowhere and every program can write."""
    kept = "".join(c if c.isalnum() or c in "-_. " else "_" for c in name)
    return kept.strip(". ")[-_LONGEST:] or "file"


def _timeline(desk: Desk, case: Case) -> str:
    from mailintake.reports.workbook import guarded

    out = io.StringIO()
    out.write("\ufeff")  # so that spreadsheets read it as UTF-8
    rows = csv.writer(out)
    for line in timeline(desk, case):
        rows.writerow([moment(line.at), *(guarded(text) for text in (line.text, line.by, line.note))])
    return out.getvalue()


ROUTES = (Route("/cases/{number}/folder.zip", folder, methods=["GET"]),)
