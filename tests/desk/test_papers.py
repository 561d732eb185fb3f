"""Every kind of file as a clerk sees it: a picture made anew, or the reason why there is none."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from PIL import Image
from pillow_heif import register_heif_opener
from pypdf import PdfWriter
from tests.desk.conftest import Browser
from tests.support.hostile import with_file
from tests.support.worker import Office

from mailintake.desk.pictures import SMALL, Pictures
from mailintake.desk.place import Desk
from mailintake.readers.port import PagePictures


def a_picture(format_: str, frames: int = 1) -> bytes:
    out = io.BytesIO()
    register_heif_opener()
    pages = [Image.new("RGB", (320, 200), (200, 30 * n, 40)) for n in range(frames)]
    more = {"save_all": True, "append_images": pages[1:]} if frames > 1 else {}
    pages[0].save(out, format_, **more)
    return out.getvalue()


def a_pdf(password: str = "") -> bytes:
    made, out = PdfWriter(), io.BytesIO()
    made.add_blank_page(200, 300)
    made.add_blank_page(200, 300)
    if password:
        made.encrypt(password)
    made.write(out)
    return out.getvalue()


def a_docx() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("企业简介：虚构的单位")
    made.save(out)
    return out.getvalue()


KINDS: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "pdf": ("pdf", a_pdf, 2), "docx": ("docx", a_docx, 1), "heic": ("heic", lambda: a_picture("HEIF"), 1),
    "tiff": ("tiff", lambda: a_picture("TIFF", 3), 3), "jpeg": ("jpeg", lambda: a_picture("JPEG"), 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_is_shown_page_by_page_as_a_picture_of_ours(desk: Desk, kind: str) -> None:
    format_, made, pages = KINDS[kind]
    sha256 = desk.shells.store.files.put_bytes(made())
    for number in range(1, pages + 1):
        picture = desk.pictures.page(sha256, format_, number)
        assert picture is not None
        with Image.open(picture) as image:
            assert image.format == "PNG"
    assert desk.pictures.page(sha256, format_, pages + 1) is None


def test_a_member_of_an_archive_has_its_page_and_what_cannot_be_opened_says_why(clerk: Browser, at: Office) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("贺知秋/照片.jpg", a_picture("JPEG"))
        archive.writestr("贺知秋/基本资料.pdf", a_pdf("geheim"))
    at.deliver(
        with_file(
            "材料.zip",
            packed.getvalue(),
            subject="新办APEC商务旅行卡 邵立群",
            text="邵立群首次申请办理APEC商务旅行卡，材料见附件。",
            id="z1",
        )
    )
    at.run()
    case = at.shells.store.case(at.shells.store.summaries()[-1].number)
    assert case is not None
    places = {document.path: place for place, document in enumerate(case.documents) if "材料.zip" in document.path}
    pages = {path: clerk.get(f"/cases/{case.number}/documents/{place}") for path, place in places.items()}
    assert "/pictures/" in pages["材料.zip/贺知秋/照片.jpg"]
    assert "文件有密码，打不开" in pages["材料.zip/贺知秋/基本资料.pdf"]


class Counting:
    """Draws the same page for everybody, and counts."""

    def __init__(self) -> None:
        self.asked = 0

    def picture(self, file: Path, format_: str, page: int, width: int) -> bytes | None:
        self.asked += 1
        return a_picture("PNG")


def test_a_page_is_drawn_once_and_its_thumbnail_comes_from_it(desk: Desk, tmp_path: Path) -> None:
    drawing: PagePictures = Counting()
    pictures = Pictures(drawing, desk.shells.store.files, tmp_path / "kept")
    sha256 = desk.shells.store.files.put_bytes(a_picture("JPEG"))
    for _ in range(3):
        small = pictures.page(sha256, "jpeg", 1, small=True)
        assert pictures.page(sha256, "jpeg", 1) is not None
    assert isinstance(drawing, Counting)
    assert drawing.asked == 1
    assert small is not None
    with Image.open(small) as image:
        assert max(image.size) == SMALL


def test_the_whole_file_of_a_case_is_one_download_with_a_line_in_the_log(clerk: Browser, at: Office) -> None:
    hostile = "=HYPERLINK(1)/../../etc/材料|1.jpg"
    at.deliver(
        with_file(hostile, a_picture("JPEG"), subject="=1+1 新办APEC商务旅行卡 邵立群", text="首次申请办理", id="f1")
    )
    at.run()
    case = at.shells.store.case(at.shells.store.summaries()[-1].number)
    assert case is not None
    answer = clerk.client.get(f"/cases/{case.number}/folder.zip")
    assert answer.headers["content-disposition"] == f'attachment; filename="{case.number}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert json.loads(archive.read("case.json"))["number"] == case.number
        timeline = archive.read("timeline.csv").decode("utf-8-sig")
        mails = [archive.read(name) for name in names if name.startswith("mails/")]
    assert mails == [at.shells.store.files.path(sha256).read_bytes() for sha256 in case.messages]
    assert len([name for name in names if name.startswith("papers/")]) == len(case.documents)
    assert all(name.count("/") <= 1 and ".." not in name and "|" not in name for name in names)
    assert "'=1+1 新办" in timeline
    assert [e.what for e in at.shells.store.events(case.number)][-1] == "case.exported"
    clerk.get("/cases/LN-2020-000001-1/folder.zip", 404)
