"""Office files: every place words can hide, and files that want to hurt."""

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from tests.support import papers

from mailintake.readers.files.office import OfficeText, decode_text, office_images, office_text
from mailintake.readers.port import Limits

LIMITS = Limits()
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def docx(body: str, prolog: str = "", **parts: str) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"{prolog}<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", xml)
    return out.getvalue()


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def read(tmp_path: Path, data: bytes, format_: str) -> tuple[str, str]:
    file = tmp_path / "f"
    file.write_bytes(data)
    found = office_text(file, format_, LIMITS)
    return ("" if found.text is None else found.text.text), found.problem


def test_text_boxes_headers_and_tables_are_read_once(tmp_path: Path) -> None:
    said = p("框内文字")
    box = f"<mc:AlternateContent><mc:Choice>{said}</mc:Choice><mc:Fallback>{said}</mc:Fallback></mc:AlternateContent>"
    table = f"<w:tbl><w:tr><w:tc>{p('姓名')}</w:tc><w:tc>{p('王伟')}</w:tc></w:tr></w:tbl>"
    text, _ = read(tmp_path, docx(box + table, header1=f"<w:hdr {W}>{p('某某有限公司')}</w:hdr>"), "docx")
    assert text.count("框内文字") == 1
    assert text.startswith("某某有限公司")
    assert "姓名\n王伟" in text


def test_cells_of_a_row_stand_side_by_side(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(docx(f"<w:tbl><w:tr><w:tc>{p('姓名')}</w:tc><w:tc>{p('王伟')}</w:tc></w:tr></w:tbl>"))
    text = office_text(file, "docx", LIMITS).text
    assert text is not None
    label, name = text.lines
    assert label.box[1] == name.box[1]
    assert label.box[2] <= name.box[0]


def test_a_word_file_of_the_usual_library_is_read(tmp_path: Path) -> None:
    text, _ = read(tmp_path, papers.profile_docx("某某有限公司", 35), "docx")
    assert "五、员工人数：35人" in text


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert read(tmp_path, docx(p("&b;"), prolog=bomb), "docx") == ("", "attachment.unreadable")


def test_a_part_that_unpacks_beyond_reason_is_refused(tmp_path: Path) -> None:
    assert read(tmp_path, docx(p("0" * 30_000_000)), "docx")[1] == "attachment.unreadable"


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b""], ids=["broken", "empty"])
def test_a_broken_file_is_unreadable(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data, "docx")[1] == "attachment.unreadable"


def test_a_workbook_is_read_row_by_row(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active.append(["姓名", "护照号码"])
    book.active.append(["王伟", "E12345678"])
    book.save(out)
    text, _ = read(tmp_path, out.getvalue(), "xlsx")
    assert text.splitlines() == ["姓名", "护照号码", "王伟", "E12345678"]


def test_rich_text_with_negative_code_points_and_code_page_bytes_is_read(tmp_path: Path) -> None:
    head = rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}"
    rtf = head + rb"\u20844?\u21496?\u-230?\par \'ce\'d2\'b9\'ab\'cb\'be{\*\x hidden}}"
    assert read(tmp_path, rtf, "rtf")[0] == "公司：\n我公司"


def test_a_page_is_read_without_its_scripts(tmp_path: Path) -> None:
    table = "<table><tr><td>姓名</td><td>王伟</td></tr></table>"
    html = f"<html><head><title>x</title></head><body><script>no()</script><p>申请函</p>{table}</body>"
    assert read(tmp_path, html.encode(), "html")[0] == "申请函\n姓名\n王伟"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plain_text_is_decoded_by_what_its_bytes_are(charset: str) -> None:
    assert decode_text("王伟的申请".encode(charset)) == "王伟的申请"


def test_without_catdoc_an_old_word_file_is_not_read_and_not_faulted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailintake.readers.files.office.which", lambda _: None)
    file = tmp_path / "f"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert office_text(file, "doc", LIMITS) == OfficeText(detail="no_catdoc")


def test_a_word_file_with_a_password_is_named(tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert read(tmp_path, data, "ole")[1] == "attachment.encrypted"


def test_pictures_inside_word_and_pdf_are_taken_out(tmp_path: Path) -> None:
    from docx import Document

    photo = papers.jpeg(papers.photo(1))
    document, file, out = Document(), tmp_path / "f", tmp_path / "out"
    document.add_picture(io.BytesIO(photo))
    document.save(str(file))
    out.mkdir()
    ((name, sha256),) = office_images(file, out, LIMITS)
    assert name.startswith("image1")
    assert (out / sha256).read_bytes() == photo
    file.write_bytes(papers.picture_pdf(papers.photo(1)))
    assert len(office_images(file, out, LIMITS)) == 1
    file.write_bytes(b"PK broken")
    assert office_images(file, out, LIMITS) == ()
