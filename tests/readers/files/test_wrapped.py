"""What people's programs wrap their papers in comes out, and what cannot come out is named."""

import io
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.readers.files.test_containers import WORDS, bytes_of, paths, problems, read
from tests.support import papers
from tests.support.containers import picture, zipped
from tests.support.patience import CPU_SECONDS
from tests.support.wrapped import (
    compressed,
    data_uri,
    der,
    entity_of,
    odt,
    packed,
    signed,
    signed_mail,
    tar,
    uuencoded,
    web_page,
    with_files,
)

from mailintake.model.message import Note
from mailintake.readers.expand import open_message
from mailintake.readers.port import Limits, MessageReading

PHOTO, SIGN = picture(600, 800), picture(300, 150, 90)
FORM = b"%PDF-1.4 no more than a beginning"


def opened(tmp_path: Path, raw: bytes) -> MessageReading:
    """Any mail, wholly opened."""
    (tmp_path / "m.eml").write_bytes(raw)
    (tmp_path / "out").mkdir()
    return open_message(tmp_path / "m.eml", tmp_path / "out", WORDS, Limits())


# ---------------------------------------------------------------- tar and its compressions


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz", "zst"])
def test_a_tar_in_any_compression_is_opened(tmp_path: Path, packing: str) -> None:
    name = f"材料.tar{'.' + packing if packing else ''}"
    reading = read(tmp_path, {name: tar({"陶静远/照片.jpg": PHOTO, "陶静远/签名.jpg": SIGN}, packing)})
    assert paths(reading) == [name, f"{name}/陶静远/照片.jpg", f"{name}/陶静远/签名.jpg"]
    assert bytes_of(reading, tmp_path, f"{name}/陶静远/照片.jpg") == PHOTO
    assert not problems(reading)


def test_names_in_gbk_come_out_right(tmp_path: Path) -> None:
    reading = read(tmp_path, {"a.tar": tar({"陶静远照片.jpg": PHOTO}, encoding="gbk")})
    assert paths(reading) == ["a.tar", "a.tar/陶静远照片.jpg"]


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst"])
def test_a_single_file_that_was_compressed_has_its_own_name(tmp_path: Path, packing: str) -> None:
    reading = read(tmp_path, {f"陶静远照片.jpg.{packing}": packed(PHOTO, packing)})
    assert paths(reading)[1:] == [f"陶静远照片.jpg.{packing}/陶静远照片.jpg"]
    assert bytes_of(reading, tmp_path, paths(reading)[1]) == PHOTO


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst"])
def test_a_bomb_in_any_compression_is_refused_in_time(tmp_path: Path, packing: str) -> None:
    bomb = packed(b"\0" * 80_000_000, packing)
    started = time.process_time()
    reading = read(tmp_path, {"x.bin." + packing: bomb})
    assert time.process_time() - started < CPU_SECONDS
    assert set(problems(reading).values()) <= {"archive.unsafe", "archive.too_large"}
    assert problems(reading)


def test_a_tar_that_was_cut_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    whole = tar({"a.jpg": PHOTO, "b.jpg": SIGN})
    reading = read(tmp_path, {"a.tar": whole[: 512 + len(PHOTO) + 1200]})
    assert problems(reading)["a.tar"] == "archive.unreadable"


def test_a_link_in_a_tar_is_nothing_to_read(tmp_path: Path) -> None:
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("照片.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert problems(read(tmp_path, {"a.tar": out.getvalue()})) == {"a.tar": "archive.unreadable"}


def test_a_header_that_claims_a_name_of_gigabytes_costs_nothing(tmp_path: Path) -> None:
    header = bytearray(tar({"x": b""})[:512])
    header[124:136], header[156:157] = b"77777777777\0", b"L"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    started = time.process_time()
    read(tmp_path, {"a.tar": bytes(header) + b"\0" * 4096})
    assert time.process_time() - started < CPU_SECONDS


# ---------------------------------------------------------------- zip


def test_the_flag_for_utf8_over_names_in_gbk_is_seen_through(tmp_path: Path) -> None:
    name = "陶静远照片.jpg".encode("gbk")
    stand_in = b"0" * len(name)
    raw = bytearray(zipped({stand_in.decode(): PHOTO}).replace(stand_in, name))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark) + offset
        raw[at : at + 2] = (int.from_bytes(raw[at : at + 2], "little") | 0x800).to_bytes(2, "little")
    reading = read(tmp_path, {"材料.zip": bytes(raw)})
    assert paths(reading) == ["材料.zip", "材料.zip/陶静远照片.jpg"]
    assert bytes_of(reading, tmp_path, "材料.zip/陶静远照片.jpg") == PHOTO


def test_a_folder_stored_as_an_entry_without_a_slash_is_no_file(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("陶静远", b"")
        archive.writestr("陶静远/照片.jpg", PHOTO)
    reading = read(tmp_path, {"a.zip": out.getvalue()})
    assert paths(reading) == ["a.zip", "a.zip/陶静远/照片.jpg"]
    assert not problems(reading)


# ---------------------------------------------------------------- what is no paper


@pytest.mark.parametrize(
    ("name", "data", "format_", "problem"),
    [
        ("公函.docx.lnk", b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60, "shortcut", "attachment.unsafe"),
        ("网上回单.url", b"[InternetShortcut]\r\nURL=https://a.example/\r\n", "shortcut", "attachment.unsafe"),
        ("~$公函.docx", b"\x06user  " + b" \0" * 70, "owner_file", "attachment.unreadable"),
        ("_公函.docx", b"\0\x05\x16\x07" + b"\0" * 80, "resource_fork", "attachment.unreadable"),
        ("材料.zip.001", b"PK\x03\x04" + b"x" * 600, "volume", "archive.unreadable"),
        ("材料.z01", b"\x07\x08\x09" * 200, "volume", "archive.unreadable"),
        ("材料.part2.rar", b"Rar!\x1a\x07\0" + b"x" * 600, "volume", "archive.unreadable"),
        ("公函.pages", zipped({"Index/Document.iwa": b"x", "Metadata/a": b"x"}), "iwork", "attachment.unreadable"),
        ("公函.cdr", b"\x00\x01\x02RIFX" * 50, "unknown", "attachment.unreadable"),
        ("公函.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 60, "video", "attachment.unreadable"),
    ],
)
def test_what_is_no_paper_is_named_as_what_it_is(
    tmp_path: Path, name: str, data: bytes, format_: str, problem: str
) -> None:
    reading = read(tmp_path, {name: data})
    assert problems(reading) == {name: problem}
    assert {facts.format for facts in reading.facts.values()} == {format_}


@pytest.mark.parametrize("name", ["Thumbs.db", ".DS_Store", "desktop.ini"])
def test_what_a_system_leaves_behind_is_not_mentioned(tmp_path: Path, name: str) -> None:
    reading = read(tmp_path, {name: b"\x01\x02\x03\x04" * 40, "照片.jpg": PHOTO})
    assert [a.name for a in reading.message.documents] == ["照片.jpg"]


@pytest.mark.parametrize(("prefix", "magic"), [("~$", b"\x06"), ("._", b"\0\x05\x16\x07")])
def test_beside_the_real_file_its_shadow_is_not_mentioned(tmp_path: Path, prefix: str, magic: bytes) -> None:
    reading = read(tmp_path, {f"{prefix}说明.docx": magic + b"\0\x01" * 50, "说明.docx": b"\x07\0\x01" * 400})
    assert [a.name for a in reading.message.documents] == ["说明.docx"]


def test_a_real_file_is_real_whatever_it_is_called(tmp_path: Path) -> None:
    reading = read(tmp_path, {"~$照片.jpg": PHOTO, "._签名.jpg": SIGN, "照片.001": SIGN})
    assert not problems(reading)


# ---------------------------------------------------------------- signed mail


def application(files: dict[str, bytes]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "纪晓岚 <ji@lanxi.example>", "office@gov.example"
    mail["Subject"], mail["Date"] = "申请材料", "Mon, 02 Nov 2026 09:30:00 +0800"
    mail["Message-ID"] = "<one@lanxi.example>"
    mail.set_content("陶静远新办APEC商务旅行卡，材料附后。")
    for name, data in files.items():
        mail.add_attachment(data, maintype="image", subtype="jpeg", filename=name)
    return mail


@pytest.mark.parametrize("how", ["signed", "in pieces", "compressed", "twice"])
def test_a_mail_that_lies_wholly_in_its_signature_is_read(tmp_path: Path, how: str) -> None:
    mail = application({"陶静远照片.jpg": PHOTO})
    entity = entity_of(mail)
    inner = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n" + signed(entity)
    wraps = {
        "signed": signed(entity),
        "in pieces": signed(entity, indefinite=True),
        "compressed": compressed(entity),
        "twice": signed(inner),
    }
    reading = opened(tmp_path, signed_mail(mail, wraps[how]))
    assert "陶静远新办" in reading.message.new_text
    assert (reading.message.subject, reading.message.message_id) == ("申请材料", "<one@lanxi.example>")
    assert paths(reading) == ["陶静远照片.jpg"]
    assert bytes_of(reading, tmp_path, "陶静远照片.jpg") == PHOTO
    assert Note.ENCRYPTED_MAIL not in reading.message.notes


def test_the_identity_of_a_signed_mail_is_that_of_its_bytes(tmp_path: Path) -> None:
    import hashlib

    raw = signed_mail(application({}), signed(entity_of(application({}))))
    assert opened(tmp_path, raw).message.sha256 == hashlib.sha256(raw).hexdigest()


def test_an_encrypted_mail_is_said_to_be_encrypted(tmp_path: Path) -> None:
    enveloped = signed(b"x" * 300, kind="2a864886f70d010703")
    reading = opened(tmp_path, signed_mail(application({}), enveloped, "enveloped-data"))
    assert set(problems(reading).values()) == {"attachment.encrypted"}


def test_a_signed_file_stands_for_what_was_signed(tmp_path: Path) -> None:
    reading = read(tmp_path, {"照片.jpg.p7m": signed(PHOTO)})
    assert paths(reading) == ["照片.jpg.p7m", "照片.jpg.p7m/照片.jpg"]


@pytest.mark.parametrize(
    "data",
    [
        der(0x30, der(0x06, bytes.fromhex("2a864886f70d010702"))),
        b"0\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80" * 400,
        signed(b"hello")[:40],
    ],
    ids=["empty", "without end", "cut"],
)
def test_a_broken_signature_is_named_and_hangs_nothing(tmp_path: Path, data: bytes) -> None:
    assert set(problems(read(tmp_path, {"a.p7m": data})).values()) == {"attachment.unreadable"}


# ---------------------------------------------------------------- files inside files


def test_a_portfolio_is_nothing_but_the_files_in_it(tmp_path: Path) -> None:
    cover = papers.Sheet().say(60, 60, "For the best experience, open this PDF portfolio in a recent reader.").pdf()
    data = with_files(cover, {"陶静远照片.jpg": PHOTO, "陶静远签名.jpg": SIGN}, portfolio=True)
    reading = read(tmp_path, {"材料.pdf": data})
    assert paths(reading) == ["材料.pdf", "材料.pdf/陶静远照片.jpg", "材料.pdf/陶静远签名.jpg"]
    assert bytes_of(reading, tmp_path, "材料.pdf/陶静远照片.jpg") == PHOTO


def test_papers_attached_to_a_pdf_stand_next_to_it_and_other_data_does_not(tmp_path: Path) -> None:
    letter = papers.Sheet().say(60, 60, "公函").pdf()
    data = with_files(letter, {"照片.jpg": PHOTO, "invoice.xml": b"<a/>"}, portfolio=False)
    assert paths(read(tmp_path, {"公函.pdf": data})) == ["公函.pdf", "公函.pdf!/照片.jpg"]


def test_a_picture_pasted_into_the_text_is_a_file_and_what_follows_is_read(tmp_path: Path) -> None:
    big = papers.jpeg(papers.photo(3, (1800, 2400)), 95)
    mail = application({})
    page = f'<p>照片如下：</p><img src="{data_uri(big)}"><p>护照号EA1234567。</p>'
    mail.set_content(page, subtype="html")
    reading = opened(tmp_path, mail.as_bytes())
    assert paths(reading) == ["pasted-1.jpg"]
    assert bytes_of(reading, tmp_path, "pasted-1.jpg") == big
    assert "EA1234567" in reading.message.new_text


def test_an_icon_pasted_into_the_text_is_set_aside(tmp_path: Path) -> None:
    mail = application({})
    mail.set_content(f'<p>见附件</p><img src="{data_uri(picture(40, 40))}">', subtype="html")
    assert opened(tmp_path, mail.as_bytes()).message.documents == ()


def test_a_file_in_the_text_in_uuencode_is_a_file_and_no_text(tmp_path: Path) -> None:
    mail = application({})
    mail.set_content(f"照片附后。\n\n{uuencoded('zhaopian.jpg', PHOTO)}\n\n护照号EA1234567。\n")
    reading = opened(tmp_path, mail.as_bytes())
    assert paths(reading) == ["zhaopian.jpg"]
    assert bytes_of(reading, tmp_path, "zhaopian.jpg") == PHOTO
    assert "照片附后" in reading.message.new_text
    assert "EA1234567" in reading.message.new_text
    assert "begin 644" not in reading.message.new_text


def test_a_line_that_only_looks_like_the_begin_of_a_file_stays_text(tmp_path: Path) -> None:
    mail = application({})
    mail.set_content("Notes\nbegin 644 times over\nand then we apply for WANG WEI\n")
    assert "begin 644 times over" in opened(tmp_path, mail.as_bytes()).message.new_text


def test_a_uuencoded_attachment_is_opened(tmp_path: Path) -> None:
    reading = read(tmp_path, {"照片.uue": (uuencoded("zhao.jpg", PHOTO) + "\n").encode()})
    assert paths(reading) == ["照片.uue", "照片.uue/zhao.jpg"]
    assert bytes_of(reading, tmp_path, "照片.uue/zhao.jpg") == PHOTO


def test_a_saved_page_is_a_document_with_its_words(tmp_path: Path) -> None:
    words = "<p>企业简介</p>" + "<p>我公司从事机械设备的生产与出口，产品销往日本和韩国。</p>" * 5
    reading = read(tmp_path, {"简介.mht": web_page(words, {"logo.jpg": SIGN})})
    assert paths(reading) == ["简介.mht"]
    (facts,) = reading.facts.values()
    assert facts.format == "mhtml"
    assert facts.text is not None
    assert "机械设备" in facts.text.text


def test_a_saved_page_of_pictures_stands_for_its_pictures(tmp_path: Path) -> None:
    reading = read(tmp_path, {"照片.mht": web_page("<p>照片</p>", {"a.jpg": PHOTO})})
    assert len(paths(reading)) == 2
    assert bytes_of(reading, tmp_path, paths(reading)[1]) == PHOTO


def test_a_page_with_a_pasted_picture_stands_for_it(tmp_path: Path) -> None:
    page = f'<html><body><p>照片</p><img src="{data_uri(PHOTO)}"></body></html>'
    reading = read(tmp_path, {"照片.html": page.encode()})
    assert paths(reading) == ["照片.html", "照片.html/image1.jpg"]


def test_a_letter_in_the_format_of_libreoffice_is_one_document(tmp_path: Path) -> None:
    letter = odt("公函", "辽宁省外办：", "我公司陶静远申请办理APEC商务旅行卡。" * 5, header="大连听涛贸易有限公司")
    reading = read(tmp_path, {"公函.odt": letter})
    assert paths(reading) == ["公函.odt"]
    (facts,) = reading.facts.values()
    assert facts.text is not None
    assert facts.text.text.splitlines()[:3] == ["大连听涛贸易有限公司", "公函", "辽宁省外办："]
