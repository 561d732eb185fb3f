"""Settings that only few parts ask for reach the part that they speak of, and change what it does."""

import logging
import resource
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from tests.support.observing import Sample, opened_mail, shipped
from tests.support.readers import NoReaders
from tests.support.worker import MONDAY, NO_LIMITS, Office, ScriptedMailer, mail, office, pool

from mailintake.app.absent import AbsentMailer
from mailintake.app.build import make_mailbox, make_mailer, shells_for, watches_of
from mailintake.app.logs import start_logging
from mailintake.config.secrets import password_of
from mailintake.config.settings import (
    BackupSettings,
    DigestSettings,
    FirstStart,
    LogLevel,
    LogSettings,
    MailboxKind,
    MailboxSettings,
    PollSettings,
    SendingLimits,
    Settings,
    SmtpSettings,
    Tls,
)
from mailintake.errors import MailerPaused, ReaderFailed
from mailintake.mailbox.folder import FolderMailbox
from mailintake.model.letter import LetterKind, LetterPolicy, Mode, OutboxState
from mailintake.readers.child import confine
from mailintake.readers.files.archive import Budget
from mailintake.readers.files.archive_formats import open_archive
from mailintake.readers.files.image import measure_image
from mailintake.readers.files.text import _pictures
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Limits, MessageReading
from mailintake.worker.intake.polling import Watch
from mailintake.worker.morning import make_digest, queue_digest
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
    """What mailbox, mailer, readers and files are made with."""
    seen: dict[str, Any] = {}

    def recording(*said: Any, **named: Any) -> Any:
        seen.update(named | {str(place): value for place, value in enumerate(said)})
        return SimpleNamespace(close=lambda: None)

    for made in ("mailbox.imap.ImapMailbox", "mailer.smtp.SmtpMailer", "app.build.ReaderPool"):
        monkeypatch.setattr(f"mailintake.{made}", recording)
    monkeypatch.setattr("mailintake.store.s3.S3Files", lambda bucket, *_, **__: seen.update(bucket=bucket))
    return seen


def test_how_long_servers_are_waited_for(tmp_path: Path, asked: dict[str, Any]) -> None:
    box = MailboxSettings(host="imap.example", password_file=secret(tmp_path))
    make_mailbox(replace(box, connect_timeout_seconds=7, read_timeout_seconds=8), shipped())
    smtp = SmtpSettings(host="smtp.example", timeout_seconds=9)
    make_mailer(replace(shipped(), settings=replace(shipped().settings, smtp=smtp)))
    assert (asked["connect_timeout"], asked["read_timeout"], asked["timeout"]) == (7, 8, 9)


CONNECTION: dict[str, Any] = {
    "name": "second",
    "host": "other.example",
    "port": 1143,
    "tls": Tls.STARTTLS,
    "ca_file": Path("/etc/own.pem"),
    "user": "b@example.com",
    "drafts_folder": "Entwurf",
    "sent_folder": "Gesandt",
}


@pytest.mark.parametrize("key", sorted(CONNECTION))
def test_each_key_of_a_mailbox_changes_how_it_is_reached(key: str, tmp_path: Path, asked: dict[str, Any]) -> None:
    box = MailboxSettings(host="imap.example", user="a@example.com", password_file=secret(tmp_path))
    make_mailbox(box, shipped())
    before = dict(asked)
    make_mailbox(replace(box, **{key: CONNECTION[key]}), shipped())
    assert asked != before


@pytest.mark.parametrize("key", ["host", "port", "tls", "ca_file", "user"])
def test_each_key_of_the_way_out_changes_how_it_is_reached(key: str, tmp_path: Path, asked: dict[str, Any]) -> None:
    smtp = SmtpSettings(host="smtp.example", user="a@example.com", password_file=secret(tmp_path))

    def made(settings: SmtpSettings) -> dict[str, Any]:
        make_mailer(replace(shipped(), settings=replace(shipped().settings, smtp=settings)))
        return dict(asked)

    assert made(replace(smtp, **{key: CONNECTION[key]})) != made(smtp)


def test_without_a_server_nothing_is_sent() -> None:
    assert isinstance(make_mailer(replace(shipped(), settings=Settings())), AbsentMailer)


@pytest.mark.parametrize("owner", [MailboxSettings, SmtpSettings])
def test_the_password_comes_from_the_file_that_is_named(owner: type[Any], tmp_path: Path) -> None:
    (tmp_path / "other").write_text("efgh")
    (tmp_path / "other").chmod(0o600)
    found = [password_of(owner(password_file=file), environ={}) for file in (secret(tmp_path), tmp_path / "other")]
    assert found == ["abcdefgh", "efgh"]


def test_a_mailbox_may_be_a_folder_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail())
    box = make_mailbox(MailboxSettings(kind=MailboxKind.FOLDER, path=tmp_path), shipped())
    assert isinstance(box, FolderMailbox)
    assert len(box.list_all("INBOX")) == 1


def test_the_first_look_takes_what_the_settings_say() -> None:
    box, day = MailboxSettings(folders=("INBOX", "SPAM")), date(2026, 11, 2)

    def watch(**poll: Any) -> Watch:
        (found,) = watches_of(Settings(mailboxes=(box,), poll=PollSettings(**poll)))
        return found

    assert watch().folders == ("INBOX", "SPAM")
    assert (watch().since, watch().everything) == (None, False)
    assert watch(first_start=FirstStart.ALL).everything
    assert watch(first_start=FirstStart.SINCE, since=day).since == day


def test_a_mail_over_the_limit_is_not_fetched_whole() -> None:
    settings = Settings(mailboxes=(MailboxSettings(),), limits=Limits(message_bytes=1000))
    assert watches_of(settings)[0].max_bytes == 1000


def shells_made(settings: Settings, **changes: Any) -> None:
    with shells_for(replace(shipped(), settings=replace(settings, **changes)), with_mailboxes=False):
        pass


def test_database_and_originals_are_where_the_settings_say(tmp_path: Path, asked: dict[str, Any]) -> None:
    own = Settings(data_folder=tmp_path / "data")
    shells_made(own)
    assert (tmp_path / "data" / "mailintake.db").is_file()
    shells_made(own, database=f"sqlite:///{tmp_path / 'other.db'}")
    assert (tmp_path / "other.db").is_file()
    shells_made(own, originals="s3://letters/a?endpoint=https://bucket.example&region=r")
    assert "letters" in str(asked["bucket"])


@pytest.mark.parametrize(("key", "value"), [("ocr", False), ("clamd", "tcp:scan.example:3310")])
def test_readers_are_told_whether_to_read_pictures_and_whom_to_ask_about_viruses(
    key: str, value: object, tmp_path: Path, asked: dict[str, Any]
) -> None:
    shells_made(Settings(data_folder=tmp_path), **{key: value})
    assert asked[key] == value


@pytest.mark.parametrize(("key", "value"), [("level", LogLevel.ERROR), ("json", False)])
def test_the_log_says_as_much_in_that_form(key: str, value: Any, tmp_path: Path) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    told = []
    try:
        for number, settings in enumerate((LogSettings(), replace(LogSettings(), **{key: value}))):
            file = tmp_path / f"{number}.log"
            start_logging(replace(settings, file=file))
            logging.getLogger("mailintake.test").warning("x")
            told.append(file.read_text()[:1])
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    assert told[0] == "{"
    assert told[1] != "{"


def test_the_backup_has_its_hour_where_it_has_a_folder(tmp_path: Path) -> None:
    for folder, found in ((None, None), (tmp_path, time(1, 17))):
        with office(tmp_path / str(folder is None), backup=BackupSettings(folder, at=time(1, 17))) as at:
            assert hours(at.shells).get(Task.BACKUP) == found


def test_the_digest_has_its_hour_its_readers_and_its_links(tmp_path: Path) -> None:
    told = DigestSettings(time=time(7, 5), recipients=("a@office.example",), desk="https://desk.example")
    with office(tmp_path, digest=told) as at:
        assert hours(at.shells)[Task.DIGEST] == time(7, 5)
        assert make_digest(at.shells, 1).link == "https://desk.example"
        queue_digest(at.shells)
        assert [entry.to for entry in at.shells.store.outbox()] == [("a@office.example",)]


@pytest.mark.parametrize(("key", "parts"), [("parts", 2), ("depth", 2)])
def test_of_a_mail_with_many_parts_so_many_are_read(key: str, parts: int) -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "suhe@qingchuan.example", "APEC"
    made.set_content("x")
    for number in range(4):
        made.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "suhe@qingchuan.example", "FW"
    outer.set_content("y")
    outer.add_attachment(made)
    raw = outer.as_bytes()
    few, all_ = (
        opened_mail(Sample("", raw, MONDAY), shipped().rules, limits=limits)[0].attachments
        for limits in (Limits(**{key: parts}), Limits())
    )
    assert len(few) < len(all_)


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


def test_a_reader_gets_so_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[int, object] = {}
    monkeypatch.setattr("resource.setrlimit", lambda what, how: asked.update({what: how}))
    monkeypatch.setattr("ctypes.CDLL", lambda _: SimpleNamespace())
    confine(Limits(memory_bytes=2**29))
    assert asked[resource.RLIMIT_AS] == (2**29, 2**29)


class Broken(NoReaders):
    """Readers that die over every mail."""

    def message(self, raw: Path, out: Path) -> MessageReading:
        raise ReaderFailed("the reader died")


def test_a_mail_is_put_aside_after_so_many_tries(tmp_path: Path) -> None:
    fates = []
    for tries in (1, 3):
        with office(tmp_path / str(tries), readers=Broken(), poll=PollSettings(attempts=tries)) as at:
            at.deliver(mail())
            at.run()
            fates.append(at.shells.store.count_messages("quarantined"))
    assert fates == [1, 0]


def sent(folder: Path, readers: ReaderPool, policy: LetterPolicy) -> int:
    """How many letters have gone out one pass after a question came."""
    with office(folder, readers=readers, policy=policy) as at:
        at.deliver(mail())
        at.run()
        return len(at.letters())


def test_a_letter_waits_for_the_quiet_period(tmp_path: Path, readers: ReaderPool) -> None:
    policies = (LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=seconds) for seconds in (0, 3600))
    assert [sent(tmp_path / str(n), readers, policy) for n, policy in enumerate(policies)] == [1, 0]


def test_a_letter_of_one_kind_may_have_a_mode_of_its_own(tmp_path: Path, readers: ReaderPool) -> None:
    sheet = LetterKind.PROCEDURE_SHEET
    policies = (LetterPolicy(Mode.AUTO, quiet_seconds=0, modes=modes) for modes in (None, {sheet: Mode.OFF}))
    assert [sent(tmp_path / str(n), readers, policy) for n, policy in enumerate(policies)] == [1, 0]


def test_a_picture_of_more_pixels_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)  # put back for the tests that follow
    Image.new("L", (40, 40)).save(tmp_path / "a.png")
    found = [measure_image(tmp_path / "a.png", Limits(image_pixels=n)).problem for n in (100, 10_000)]
    assert found == ["attachment.too_large", ""]


@pytest.mark.parametrize(("key", "value"), [("gap_seconds", 300), ("per_day", 1), ("per_hour", 1)], ids=str)
def test_letters_are_spread_as_the_provider_allows(key: str, value: int, tmp_path: Path, readers: ReaderPool) -> None:
    sent_at_once = []
    for sending in (NO_LIMITS, replace(NO_LIMITS, **{key: value})):
        with office(tmp_path / str(sending is NO_LIMITS), readers=readers, sending=sending) as at:
            for number in range(2):
                at.deliver(mail(id=f"m{number}", **{"from": f"苏禾 <suhe{number}@qingchuan.example>"}))
            at.run()
            sent_at_once.append(len(at.letters()))
    assert sent_at_once == [2, 1]
