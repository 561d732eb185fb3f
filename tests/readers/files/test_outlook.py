"""Mails saved from Outlook are opened like any other mail, and a broken one is named."""

import random
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.support.outlook import Saved, msg

from mailintake.config import load
from mailintake.readers.expand import open_message
from mailintake.readers.files.archive import ArchiveRefusedError
from mailintake.readers.files.outlook import mail_of_outlook
from mailintake.readers.files.sniff import sniff
from mailintake.readers.port import Limits, MessageReading

MAIL = Saved("新办 王伟", "您好，材料见附件。\n此致", files={"王伟照片.txt": b"one", "材料清单.txt": b"two" * 3000})


def opened(data: bytes, folder: Path, limits: Limits | None = None) -> MessageReading:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@b.example", "Fw"
    mail.set_content("请看附件里的邮件")
    mail.add_attachment(data, "application", "vnd.ms-outlook", filename="新办.msg")
    (folder / "m.eml").write_bytes(mail.as_bytes())
    (folder / "out").mkdir()
    return open_message(folder / "m.eml", folder / "out", load(None).rules.vocabulary, limits or Limits())


@pytest.mark.parametrize("wide", [True, False])
def test_its_words_and_files_come_out(tmp_path: Path, wide: bool) -> None:
    saved = Saved(MAIL.subject, MAIL.body, files=MAIL.files, wide=wide)
    reading = opened(msg(saved), tmp_path)
    assert [(a.path, a.size, a.problem) for a in reading.message.attachments] == [
        ("新办.msg", len(msg(saved)), ""),
        ("新办.msg/王伟照片.txt", 3, ""),
        ("新办.msg/材料清单.txt", 9000, ""),
    ]
    (inner,) = reading.message.forwarded
    assert (inner.subject, inner.sender.addr if inner.sender else "") == ("新办 王伟", "wang@company.example")
    assert inner.date is not None
    assert "材料见附件" in reading.message.quoted_text
    assert not list((tmp_path / "out").glob(".*"))


def test_a_mail_inside_it_is_opened_too(tmp_path: Path) -> None:
    inner = Saved("补充材料", "里面的邮件", files={"签名.txt": b"three"})
    reading = opened(msg(Saved("转发", "见附", files={"外.txt": b"four"}, inside=(inner,))), tmp_path)
    assert [a.name for a in reading.message.attachments] == ["新办.msg", "外.txt", "签名.txt"]
    assert "里面的邮件" in reading.message.quoted_text


def test_it_is_known_by_content_though_a_word_file_hangs_on_it(tmp_path: Path) -> None:
    word = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    (tmp_path / "x").write_bytes(msg(Saved("新办", "见附", files={"公函.doc": word})))
    assert sniff(tmp_path / "x") == "msg"


def test_limits_hold_for_what_is_read(tmp_path: Path) -> None:
    reading = opened(msg(MAIL), tmp_path, Limits(archive_bytes=4000))
    assert [(a.name, a.problem) for a in reading.message.attachments] == [("新办.msg", "archive.too_large")]


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_one_is_read_or_refused_but_never_raises_otherwise(tmp_path: Path, seed: int) -> None:
    rng, data = random.Random(seed), bytearray(msg(MAIL))
    for _ in range(rng.randint(1, 40)):
        data[rng.randrange(8, len(data))] = rng.randrange(256)
    (tmp_path / "x").write_bytes(data[: rng.choice((len(data), len(data) // 2))])
    problem = ""
    try:
        mail_of_outlook(tmp_path / "x", Limits())
    except ArchiveRefusedError as refused:
        problem = refused.problem
    assert problem in ("", "attachment.unreadable", "archive.too_large")
