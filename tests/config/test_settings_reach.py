"""Settings that only few parts ask for reach the part that they speak of, and change what it does."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.support.observing import Sample, opened_mail, shipped
from tests.support.worker import MONDAY, Office, ScriptedMailer, mail, office, pool

from mailintake.app.build import make_mailbox, make_mailer
from mailintake.config.secrets import password_of
from mailintake.config.settings import (
    DigestSettings,
    MailboxSettings,
    PollSettings,
    SendingLimits,
    Settings,
    SmtpSettings,
)
from mailintake.errors import MailerPaused
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.readers.files.archive import Budget
from mailintake.readers.files.archive_formats import open_archive
from mailintake.readers.files.text import _pictures
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Limits
from mailintake.worker.schedule import Task, hours

HOUR = timedelta(hours=1)


@pytest.fixture
def readers() -> Iterator[ReaderPool]:
    """A reader process of this test's own."""
    with closing(pool()) as made:
        yield made


def secret(folder: Path) -> Path:
    file = folder / "code"
    file.write_text("abcdefgh")
    file.chmod(0o600)
    return file


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the mailbox and the mailer are made with."""
    seen: dict[str, Any] = {}
    monkeypatch.setattr("mailintake.mailbox.imap.ImapMailbox", lambda *_, **said: seen.update(said))
    monkeypatch.setattr("mailintake.mailer.smtp.SmtpMailer", lambda *_, **said: seen.update(said))
    return seen


def test_how_long_servers_are_waited_for(tmp_path: Path, asked: dict[str, Any]) -> None:
    box = MailboxSettings(host="imap.example", password_file=secret(tmp_path))
    make_mailbox(replace(box, connect_timeout_seconds=7, read_timeout_seconds=8), shipped())
    smtp = SmtpSettings(host="smtp.example", timeout_seconds=9)
    make_mailer(replace(shipped(), settings=replace(shipped().settings, smtp=smtp)))
    assert (asked["connect_timeout"], asked["read_timeout"], asked["timeout"]) == (7, 8, 9)


def test_letters_go_out_by_the_password_of_the_mailbox_that_is_named() -> None:
    smtp, env = SmtpSettings(host="s", user="a@example.com"), {"MAILINTAKE_SECOND_PASSWORD": "abcd"}
    assert password_of(replace(smtp, same_login_as="second"), environ=env) == "abcd"


def test_the_comparison_with_the_mailbox_has_its_hour(tmp_path: Path) -> None:
    with office(tmp_path, poll=PollSettings(reconcile_at=time(5, 17))) as at:
        assert hours(at.shells)[Task.RECONCILE] == time(5, 17)


def test_the_page_of_the_digest_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    assert Settings(digest=DigestSettings(page_folder=tmp_path)).digest_folder == tmp_path


def test_sending_rests_as_long_as_the_settings_say_when_the_provider_has_enough(
    tmp_path: Path, readers: ReaderPool
) -> None:
    mailer = ScriptedMailer([MailerPaused("451 MI:SFQ", resume_after_seconds=60)])
    sending = SendingLimits(pause_on_quota_seconds=7200)
    with office(tmp_path, readers=readers, mailer=mailer, sending=sending) as at:
        at.deliver(mail())
        at.run()
        at.run(HOUR)
        assert not at.letters()
        at.run(HOUR + timedelta(minutes=1))
        assert len(at.letters()) == 1


def letter_texts(at: Office) -> str:
    return "".join(at.shells.store.files.path(e.sha256).read_text("utf-8") for e in at.outbox(OutboxState.WAITING))


def test_a_letter_promises_an_answer_by_a_person_only_where_the_office_does(
    tmp_path: Path, readers: ReaderPool
) -> None:
    told = []
    for days in (None, 3):
        policy = LetterPolicy(default_mode=Mode.APPROVE, quiet_seconds=0, answer_within_days=days)
        with office(tmp_path / str(days), readers=readers, policy=policy) as at:
            at.deliver(mail(subject="请教", text="老师您好，持卡人改名以后原来的卡号会不会变？"))
            at.run()
            told.append(letter_texts(at))
    assert told[0] != told[1]


def nested(folder: Path, depth: int) -> bytes:
    inner, name = b"x" * 40, "照片.txt"
    for number in range(depth):
        file = folder / f"{number}.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(name, inner)
        inner, name = file.read_bytes(), f"{number}.zip"
    return inner


def zipped(archive: bytes) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "suhe@qingchuan.example", "APEC"
    made.set_content("x")
    made.add_attachment(archive, maintype="application", subtype="zip", filename="a.zip")
    return made.as_bytes()


def test_archives_in_archives_are_opened_so_deep(tmp_path: Path) -> None:
    raw = zipped(nested(tmp_path, 3))
    deep, flat = (opened_mail(Sample("", raw, MONDAY), shipped().rules, limits=Limits(archive_depth=n)) for n in (5, 1))
    assert any(a.path.endswith("照片.txt") for a in deep[0].attachments)
    assert not any(a.path.endswith("照片.txt") for a in flat[0].attachments)


def test_an_archive_that_grows_beyond_the_ratio_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * 3_000_000)
    problems = []
    for ratio in (2, 10_000):
        limits, out = Limits(archive_ratio=ratio), tmp_path / str(ratio)
        out.mkdir()
        problems.append(open_archive(file, "zip", out, Budget.of(limits), limits).problem)
    assert problems == ["archive.unsafe", ""]


def test_of_a_long_head_so_much_is_read() -> None:
    raw = b"From: a@b.example\r\nX-Long: " + b"x" * 3000 + b"\r\nSubject: APEC\r\n\r\ntext"
    subjects = [
        opened_mail(Sample("", raw, MONDAY), shipped().rules, limits=Limits(header_bytes=size))[0].subject
        for size in (1000, 100_000)
    ]
    assert subjects == ["", "APEC"]


def test_of_a_picture_with_many_pages_so_many_are_read(tmp_path: Path) -> None:
    pages = [Image.new("L", (20, 20), shade) for shade in (0, 90, 200)]
    pages[0].save(tmp_path / "a.tiff", save_all=True, append_images=pages[1:])
    assert len(list(_pictures(tmp_path / "a.tiff", Limits(text_pages=2)))) == 2
