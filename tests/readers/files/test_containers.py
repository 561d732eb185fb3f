"""What stands inside containers reaches the later stages, whatever program packed it; what does not is named."""

import io
import struct
from pathlib import Path

import py7zr
import pytest
from ruamel.yaml import YAML
from tests.support.containers import (
    mail,
    old_word,
    picture,
    rar,
    renamed_7z,
    tnef,
    tnef_object,
    tnef_with_mail,
    worded,
    written,
    zipped,
    zipped_raw,
)

from mailintake.model.message import Attachment
from mailintake.model.rules import Vocabulary
from mailintake.readers.expand import open_message
from mailintake.readers.port import Limits, MessageReading

WORDS_FILE = Path(__file__).parents[3] / "config" / "words" / "mail.yaml"
WORDS = Vocabulary({name: tuple(entries) for name, entries in YAML(typ="safe").load(WORDS_FILE).items()})
PHOTO, SIGN = picture(600, 800), picture(300, 150, 90)
LETTER = "因业务需要，我公司拟派员赴新加坡、韩国、日本等地洽谈合作，现申请办理商务旅行卡，请予支持为盼。" * 4


def read(tmp_path: Path, files: dict[str, bytes], limits: Limits | None = None) -> MessageReading:
    """The mail with those files, wholly opened."""
    out = tmp_path / "out"
    out.mkdir()
    return open_message(written(tmp_path, mail(files)), out, WORDS, limits or Limits())


def paths(reading: MessageReading) -> list[str]:
    """Where everything stands."""
    return [a.path for a in reading.message.attachments]


def problems(reading: MessageReading) -> dict[str, str]:
    """Code of everything that has one."""
    return {a.path: a.problem for a in reading.message.attachments if a.problem}


def bytes_of(reading: MessageReading, tmp_path: Path, path: str) -> bytes:
    """What a later stage would read there."""
    found: Attachment = next(a for a in reading.message.attachments if a.path == path)
    return (tmp_path / "out" / found.sha256).read_bytes()


# ---------------------------------------------------------------- what runs with a click


@pytest.mark.parametrize("name", ["简介.docm", "材料.iso", "照片.jpg.lnk", "表格.XLSM", "回单.pdf.exe"])
@pytest.mark.parametrize("content", [b"PK\x03\x04\x14\x00" + bytes(500), b"nothing known" * 20])
def test_what_is_called_like_a_program_is_unsafe_though_it_is_broken(name: str, content: bytes, tmp_path: Path) -> None:
    assert problems(read(tmp_path, {name: content})) == {name: "attachment.unsafe"}


def test_a_photo_is_a_photo_though_its_name_ends_strangely(tmp_path: Path) -> None:
    assert problems(read(tmp_path, {"照片.img": PHOTO})) == {}


# ---------------------------------------------------------------- winmail.dat


def test_files_in_a_winmail_dat_come_out_under_their_long_names(tmp_path: Path) -> None:
    wrapped = tnef([("ZHAOPI~1.JPG", "欧阳若水照片.jpg", PHOTO), ("QIANMI~1.JPG", "欧阳若水签名.jpg", SIGN)])
    reading = read(tmp_path, {"winmail.dat": wrapped})
    assert paths(reading) == ["winmail.dat", "winmail.dat/欧阳若水照片.jpg", "winmail.dat/欧阳若水签名.jpg"]
    assert bytes_of(reading, tmp_path, "winmail.dat/欧阳若水照片.jpg") == PHOTO
    assert not problems(reading)


def test_a_short_name_is_read_in_the_senders_code_page_when_there_is_no_other(tmp_path: Path) -> None:
    assert paths(read(tmp_path, {"winmail.dat": tnef([("照片.jpg", "", PHOTO)])}))[1] == "winmail.dat/照片.jpg"


def test_a_mail_forwarded_inside_a_winmail_dat_gives_its_files(tmp_path: Path) -> None:
    reading = read(tmp_path, {"winmail.dat": tnef_with_mail(tnef([("A.JPG", "护照.jpg", PHOTO)]))})
    assert paths(reading)[1:] == ["winmail.dat/message-1/护照.jpg"]
    assert bytes_of(reading, tmp_path, "winmail.dat/message-1/护照.jpg") == PHOTO


def test_a_winmail_dat_that_only_holds_colours_is_no_fault(tmp_path: Path) -> None:
    assert not problems(read(tmp_path, {"winmail.dat": tnef([])}))


@pytest.mark.parametrize(
    "before",
    [
        tnef_object(1, 0x9003, 6, struct.pack("<I", 2**32 - 1)),
        tnef_object(1, 0x9004, 6, struct.pack("<I", 2**32 - 1)),
        tnef_object(1, 0x8004, 1, "主题".encode("gb18030")),
        tnef_object(2, 0x800F, 6, b"before any attachment"),
    ],
    ids=["property count", "recipient count", "text without code page", "data of nothing"],
)
def test_a_bad_property_of_the_mail_does_not_cost_its_files(tmp_path: Path, before: bytes) -> None:
    reading = read(tmp_path, {"winmail.dat": tnef([("A.JPG", "照片.jpg", PHOTO)], before=before)})
    assert "winmail.dat/照片.jpg" in paths(reading)


def test_a_property_count_that_no_file_can_hold_is_never_looped_over(tmp_path: Path) -> None:
    lie = tnef([("A.JPG", "", PHOTO)]) + tnef_object(2, 0x9005, 6, struct.pack("<I", 2**32 - 1))
    assert "winmail.dat/A.JPG" in paths(read(tmp_path, {"winmail.dat": lie}))


@pytest.mark.parametrize("length", [4, 5, 6, 20, 60])
def test_a_cut_winmail_dat_is_survived(tmp_path: Path, length: int) -> None:
    cut = tnef([("A.JPG", "照片.jpg", PHOTO)])[:length]
    assert paths(read(tmp_path, {"winmail.dat": cut})) == ["winmail.dat"]


# ---------------------------------------------------------------- pictures in Word


def test_a_photo_pasted_into_word_is_seen_as_a_picture(tmp_path: Path) -> None:
    reading = read(tmp_path, {"上官婉儿照片.docx": worded("上官婉儿", [PHOTO, SIGN])})
    assert paths(reading) == [
        "上官婉儿照片.docx",
        "上官婉儿照片.docx/image1.jpg",
        "上官婉儿照片.docx/image2.jpg",
    ]
    image = reading.facts[reading.message.attachments[1].sha256].image
    assert image is not None
    assert (image.width, image.height) == (600, 800)


def test_a_letter_with_a_seal_stays_a_letter(tmp_path: Path) -> None:
    assert paths(read(tmp_path, {"公函.docx": worded(LETTER, [picture(200, 200)])})) == ["公函.docx"]


def test_an_icon_is_not_what_a_word_file_was_sent_for(tmp_path: Path) -> None:
    assert paths(read(tmp_path, {"说明.docx": worded("见下", [picture(32, 32, kind="PNG")])})) == ["说明.docx"]


def test_pictures_in_an_old_word_file_are_found_whole(tmp_path: Path) -> None:
    reading = read(tmp_path, {"照片.doc": old_word([PHOTO, picture(300, 150, kind="PNG")])})
    assert paths(reading) == ["照片.doc", "照片.doc/image1.jpeg", "照片.doc/image2.png"]
    assert bytes_of(reading, tmp_path, "照片.doc/image1.jpeg") == PHOTO
    assert not problems(reading)


def test_a_cut_picture_in_an_old_word_file_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    reading = read(tmp_path, {"照片.doc": old_word([PHOTO[:400]])})
    assert paths(reading) == ["照片.doc"]
    assert problems(reading)


def test_pictures_in_word_inside_a_zip_keep_the_whole_way(tmp_path: Path) -> None:
    reading = read(tmp_path, {"材料.zip": zipped({"慕容雪/照片.docx": worded("", [PHOTO])})})
    assert paths(reading)[-1] == "材料.zip/慕容雪/照片.docx/image1.jpg"


# ---------------------------------------------------------------- containers in containers


def test_a_zip_in_a_zip_and_a_mail_in_a_zip_and_a_zip_in_a_mail_are_opened(tmp_path: Path) -> None:
    inner_mail = mail({"照片.zip": zipped({"照片.jpg": PHOTO})}, text="转发：公孙策的照片")
    reading = read(tmp_path, {"全部.zip": zipped({"签名.zip": zipped({"签名.jpg": SIGN}), "来信.eml": inner_mail})})
    assert "全部.zip/签名.zip/签名.jpg" in paths(reading)
    assert "全部.zip/来信.eml/照片.zip/照片.jpg" in paths(reading)
    assert "公孙策" in reading.message.quoted_text
    assert not problems(reading)


def test_depth_has_an_end_and_the_box_that_stays_shut_is_named(tmp_path: Path) -> None:
    nested = PHOTO
    for level in range(6):
        nested = zipped({f"{level}.zip" if level else "照片.jpg": nested})
    reading = read(tmp_path, {"a.zip": nested})
    assert list(problems(reading).values()) == ["archive.unsafe"]
    assert not any(path.endswith(".jpg") for path in paths(reading))


def test_a_mail_nested_too_deeply_is_named(tmp_path: Path) -> None:
    nested = zipped({"来信.eml": mail({"照片.jpg": PHOTO})})
    for _ in range(2):
        nested = zipped({"下.zip": nested})
    reading = read(tmp_path, {"a.zip": nested})
    assert list(problems(reading).values()) == ["archive.unsafe"]


def test_all_archives_of_a_mail_share_one_number_of_members(tmp_path: Path) -> None:
    many = {name: zipped({f"{name}{n}.txt": f"{name}{n}".encode() for n in range(8)}) for name in ("a", "b")}
    reading = read(tmp_path, {"a.zip": many["a"], "b.zip": many["b"]}, Limits(archive_entries=10))
    assert problems(reading) == {"b.zip": "archive.too_large"}
    assert len([p for p in paths(reading) if "/" in p]) == 10


def test_files_of_a_mail_in_a_zip_are_paid_from_the_same_purse(tmp_path: Path) -> None:
    letters = mail({f"{n}.txt": f"text {n}".encode() for n in range(8)})
    reading = read(tmp_path, {"a.zip": zipped({"来信.eml": letters})}, Limits(archive_entries=5))
    assert problems(reading) == {"a.zip/来信.eml": "archive.too_large"}
    assert len([p for p in paths(reading) if p.endswith(".txt")]) == 4


def test_two_members_of_one_name_are_two_files(tmp_path: Path) -> None:
    reading = read(tmp_path, {"a.zip": zipped({"照片.jpg": PHOTO, "./照片.jpg": SIGN})})
    assert paths(reading)[1:] == ["a.zip/照片.jpg", "a.zip/照片 (2).jpg"]


# ---------------------------------------------------------------- zip


def test_names_in_three_codings_in_one_zip_all_come_out_right(tmp_path: Path) -> None:
    packed = zipped_raw(
        {
            "照片.jpg".encode("gbk"): PHOTO,
            "签名.jpg".encode(): SIGN,
            "㛃.txt".encode("gb18030"): b"x",
            b"plain.txt": b"y",
        }
    )
    reading = read(tmp_path, {"a.zip": packed})
    assert [p.rpartition("/")[2] for p in paths(reading)[1:]] == ["照片.jpg", "签名.jpg", "㛃.txt", "plain.txt"]


def test_a_zip_in_the_form_for_large_files_is_opened(tmp_path: Path) -> None:
    assert paths(read(tmp_path, {"a.zip": zipped({"照片.jpg": PHOTO}, zip64=True)})) == ["a.zip", "a.zip/照片.jpg"]


def test_an_empty_member_is_listed_and_named_unreadable(tmp_path: Path) -> None:
    reading = read(tmp_path, {"a.zip": zipped({"照片.jpg": b"", "签名.jpg": SIGN})})
    assert problems(reading) == {"a.zip/照片.jpg": "attachment.unreadable"}


def test_a_broken_member_does_not_cost_the_others(tmp_path: Path) -> None:
    packed = bytearray(zipped({"照片.jpg": PHOTO, "签名.jpg": SIGN}))
    packed[packed.index("照片.jpg".encode()) + len("照片.jpg".encode()) + 40] ^= 0xFF
    reading = read(tmp_path, {"a.zip": bytes(packed)})
    assert paths(reading) == ["a.zip", "a.zip/签名.jpg"]
    assert problems(reading) == {"a.zip": "archive.unreadable"}


def test_what_systems_leave_in_zips_is_no_member(tmp_path: Path) -> None:
    left = {"__MACOSX/._照片.jpg": b"x", "Thumbs.db": b"x", "照片.jpg": PHOTO}
    assert paths(read(tmp_path, {"a.zip": zipped(left)})) == ["a.zip", "a.zip/照片.jpg"]


# ---------------------------------------------------------------- 7z and rar


def test_a_7z_whose_very_list_is_encrypted_is_named_so(tmp_path: Path) -> None:
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", password="x", header_encryption=True) as archive:
        archive.writestr(b"secret", "a.txt")
    assert problems(read(tmp_path, {"a.7z": target.getvalue()})) == {"a.7z": "archive.encrypted"}


def test_a_7z_cannot_show_us_files_of_this_machine(tmp_path: Path) -> None:
    raw = renamed_7z("a/etc/passwd", "//etc/passwd")
    reading = read(tmp_path, {"a.7z": raw})
    left = [f.read_bytes() for f in (tmp_path / "out").iterdir() if f.is_file()]
    assert not any(data.startswith(b"root:") for data in left)
    assert problems(reading) == {"a.7z": "archive.unreadable"}


def test_a_rar_gives_its_members(tmp_path: Path) -> None:
    reading = read(tmp_path, {"材料.rar": rar({"photo.jpg": PHOTO, "sign.jpg": SIGN})})
    assert paths(reading) == ["材料.rar", "材料.rar/photo.jpg", "材料.rar/sign.jpg"]
    assert not problems(reading)


def test_a_rar_with_a_password_is_named_so(tmp_path: Path) -> None:
    assert problems(read(tmp_path, {"a.rar": rar({"a.jpg": PHOTO}, locked=True)})) == {"a.rar": "archive.encrypted"}


@pytest.mark.parametrize("volume", [1, 2])
def test_one_volume_of_several_is_named_unreadable(tmp_path: Path, volume: int) -> None:
    reading = read(tmp_path, {"a.part1.rar": rar({"a.jpg": PHOTO}, volume=volume)})
    assert problems(reading) == {"a.part1.rar": "archive.unreadable"}


def test_a_damaged_member_of_a_rar_does_not_cost_the_others(tmp_path: Path) -> None:
    reading = read(tmp_path, {"a.rar": rar({"a.jpg": PHOTO, "b.jpg": SIGN}, damaged="a.jpg")})
    assert paths(reading) == ["a.rar", "a.rar/b.jpg"]
    assert problems(reading) == {"a.rar": "archive.unreadable"}


# ---------------------------------------------------------------- what nobody here can open


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        (
            "来信.msg",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + "__substg1.0_".encode("utf-16-le"),
            "attachment.unreadable",
        ),
        ("材料.tar.gz", b"\x1f\x8b\x08\0rest", "archive.unreadable"),
    ],
)
def test_a_container_that_is_broken_is_listed_and_named(tmp_path: Path, name: str, data: bytes, problem: str) -> None:
    assert problems(read(tmp_path, {name: data})) == {name: problem}


def test_an_archive_of_nothing_is_named(tmp_path: Path) -> None:
    assert problems(read(tmp_path, {"a.zip": zipped({})})) == {"a.zip": "archive.unreadable"}
