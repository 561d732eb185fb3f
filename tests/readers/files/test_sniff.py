"""A file is what its bytes say, whatever its name."""

import io
import zipfile
from pathlib import Path

import pytest

from mailintake.readers.files.sniff import sniff
from mailintake.readers.names import clean_name, flat_path


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"junk\r\n%PDF-1.4", "pdf"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x78\x9f\x3e\x22", "tnef"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "doc"),
        (zipped("word/document.xml"), "docx"),
        (zipped("xl/workbook.xml"), "xlsx"),
        (zipped("照片.jpg"), "zip"),
        (zipped("OFD.xml"), "ofd"),
        (zipped("企业简介.pdf").replace(b"x", b"%PDF-1.7", 1), "zip"),
        (b"MZ\x90\x00", "executable"),
        (b"ITSF\x03\x00\x00\x00", "executable"),
        (b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0" + bytes(60), "shortcut"),
        (b"[InternetShortcut]\r\nURL=https://evil.example/x", "shortcut"),
        (bytes(32769) + b"CD001\x01" + bytes(2000), "disk_image"),
        (bytes(32769) + b"BEA01\x01" + bytes(2000), "disk_image"),
        (b"vhdxfile" + bytes(100), "disk_image"),
        (bytes(4096) + b"conectix" + bytes(504), "disk_image"),
        (bytes(4096) + b"koly" + bytes(508), "disk_image"),
        (b"\xeb\x3c\x90MSDOS5.0" + bytes(499) + b"\x55\xaa" + bytes(512), "disk_image"),
        (bytes(40000), "unknown"),
        (b"<html><body>", "html"),
        (b"<?xml version='1.0'?><svg onload='x'/>", "svg"),
        (b"Received: from a by b\r\nFrom: x@y\r\n\r\n", "eml"),
        ("汇款说明：已付款".encode(), "text"),
        (b"\x00\x01\x02\x03", "unknown"),
    ],
)
def test_the_format_is_known_by_content(tmp_path: Path, data: bytes, expected: str) -> None:
    (tmp_path / "f").write_bytes(data)
    assert sniff(tmp_path / "f") == expected


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("a\r\nBcc: x.jpg", "a  Bcc_ x.jpg"),
        ("CON.jpg", "_CON.jpg"),
        ("..", "unnamed"),
        ("a\x00b", "ab"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_hostile_names_are_cleaned(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_member_paths_keep_folders_only() -> None:
    assert flat_path("..\\..\\张三\\照片.jpg") == "张三/照片.jpg"
