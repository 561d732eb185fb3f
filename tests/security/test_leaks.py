"""What is nobody's business stays out of logs, events and error messages (CWE-117, 312, 522, 532)."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.support.hostile import pdf_bomb, with_file, with_headers, word
from tests.support.netease import Fault, Netease, Switches, netease
from tests.support.readers import PassingOn
from tests.support.worker import MONDAY, ScriptedMailer, application, mail, office

from mailintake.app.logs import start_logging
from mailintake.config.settings import LogLevel, LogSettings
from mailintake.errors import ConfigError, MailerPaused, MailerRefused, ReaderFailed, StoreBusy
from mailintake.model.codec import encode
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import MessageReading
from mailintake.store.engine import parse_url

CANARIES = ("贺知秋", "ZHIQIU", "EA1234561", "晴川", "13998765432", "canary", "金丝雀", "suhe@", "210102198001011234")
SECRET = "S3CR3T-canary-code"
TEXT = (
    "您好，我公司贺知秋首次申请办理APEC商务旅行卡。"
    "护照EA1234561，身份证210102198001011234，电话13998765432，金丝雀canary。"
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log as the program writes it, at its most talkative."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    start_logging(LogSettings(level=LogLevel.DEBUG, file=tmp_path / "log" / "mailintake.log"))
    yield tmp_path / "log" / "mailintake.log"
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level = handlers, level


class Talkative(PassingOn):
    """Readers that fail with the words of the mail on their lips."""

    def __init__(self, real: ReaderPool, faults: list[Exception]) -> None:
        super().__init__(real)
        self.faults = faults

    def message(self, raw: Path, out: Path) -> MessageReading:
        if self.faults:
            raise self.faults.pop()
        return self.real.message(raw, out)

    def close(self) -> None:
        """Shared."""


def test_no_name_number_or_text_of_an_applicant_reaches_log_or_events(
    tmp_path: Path, readers: ReaderPool, log: Path
) -> None:
    said = "cannot read 贺知秋 EA1234561 canary\r\nFAKE LINE suhe@qingchuan.example"
    faults = [ValueError(said), ReaderFailed("reader process failed: KeyError"), TypeError(said), OSError(5, said)]
    mailer = ScriptedMailer(
        [MailerRefused("550 no such user suhe@qingchuan.example 贺知秋"), MailerPaused("554 DT:SPM suhe@")]
    )
    with office(tmp_path, readers=Talkative(readers, faults), mailer=mailer) as at:
        at.deliver(application(text=TEXT, without=["photo"]))
        at.deliver(with_file(word("贺知秋照片金丝雀.pdf"), pdf_bomb(30), id="m2", subject="贺知秋 canary", text=TEXT))
        at.deliver(with_headers(mail(id="m3"), {"Subject": word("金丝雀\r\ncanary\u202e"), "X-Canary": "canary"}))
        at.deliver(b"From: canary suhe@\r\n\r\n\xff\xfe" + TEXT.encode())
        for hours in (0, 1, 2, 3, 24, 24 * 10):
            at.run(timedelta(hours=hours))
        events = json.dumps([encode(event) for event in at.shells.store.events()], ensure_ascii=False)
        assert len(at.shells.store.messages()) == 4
    lines = log.read_text("utf-8").splitlines()
    assert any("WARNING" in line or "ERROR" in line for line in lines)
    for canary in CANARIES:
        assert not [
            line for line in lines if canary in line or canary in line.encode().decode("unicode_escape", "replace")
        ]
        assert canary not in events
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_a_strangers_words_cannot_forge_a_log_line(log: Path) -> None:
    evil = 'x\r\n{"levelname": "ERROR"}\u2028\u2029\x1b[2J\x00\x85\u202e\u2066\x7f'
    logging.getLogger("mailintake.test").warning("peer said %s", evil)
    try:
        raise ValueError(evil)
    except ValueError:
        logging.getLogger("mailintake.test").exception("it failed")
    text = log.read_text("utf-8")
    told = [json.loads(line)["message"] for line in text.split("\n") if line]
    assert len(told) == 2
    assert all(c.isprintable() for line in told for c in line)


def test_the_log_is_readable_by_its_owner_only(log: Path) -> None:
    assert log.stat().st_mode & 0o077 == 0


def test_the_database_and_the_data_folder_are_the_owners_alone(tmp_path: Path) -> None:
    """Whoever may log in on the machine may not read passports."""
    from mailintake.app.build import shells_for
    from mailintake.config import load

    configuration = load(None)
    settings = replace(configuration.settings, data_folder=tmp_path / "data", mailboxes=())
    with shells_for(replace(configuration, settings=settings), with_mailboxes=False):
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "url",
    ["postgresql:/u:{}@h", "postgresql://u:{}@host:abc/db", "mysql://u:{}@h/d", "//u:{}"],
)
def test_a_wrong_database_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse_url(url.format(SECRET))
    assert SECRET not in str(told.value) + told.value.fix
    assert SECRET[:8] not in str(told.value)


def test_an_unreachable_database_is_told_without_its_password(tmp_path: Path) -> None:
    from mailintake.store.open import open_store

    with pytest.raises(StoreBusy) as told:
        open_store(f"postgresql://u:{SECRET}@127.0.0.1:9/db", tmp_path)
    assert SECRET not in str(told.value)


@pytest.fixture
def provider() -> Iterator[Netease]:
    with netease(Switches(faults=[Fault("LOGIN", "no", -1, text=f"NO LOGIN wrong password {SECRET[:4]}")])) as running:
        yield running


def commands(tmp_path: Path, provider: Netease) -> dict[str, str]:
    """What every command that knows a password prints, with the log beside it, when nothing works."""
    settings = {
        "mailboxes": [
            {"name": "main", "host": provider.host, "port": provider.imap_port, "tls": "none", "user": "u@163.example"}
        ],
        "smtp": {
            "host": provider.host,
            "port": provider.smtp_port,
            "tls": "none",
            "user": "u@163.example",
            "from_address": "u@163.example",
        },
        "data_folder": str(tmp_path / "data"),
        "database": f"sqlite:///{tmp_path}/data/mailintake.db",
        "log": {"level": "debug"},
    }
    folder = tmp_path / "config"
    folder.mkdir()
    with (folder / "mailintake.yaml").open("w") as file:
        YAML().dump(settings, file)
    env = os.environ | {"MAILINTAKE_MAIN_PASSWORD": SECRET, "MAILINTAKE_SMTP_PASSWORD": SECRET, "PYTHONDEVMODE": ""}
    told = {}
    for words in (
        ["config", "show"],
        ["check"],
        ["doctor"],
        ["run", "--once"],
        ["status"],
        ["config", "show", "--json"],
    ):
        command = [sys.executable, "-m", "mailintake", *words, "--config", str(folder)]
        done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)
        told[" ".join(words)] = (done.stdout + done.stderr).decode()
    return told


def test_no_command_prints_a_password(tmp_path: Path, provider: Netease) -> None:
    told = commands(tmp_path, provider)
    assert [name for name, text in told.items() if SECRET in text] == []
    assert [name for name, text in told.items() if "Traceback" in text] == []
    assert all(told.values())
    for file in (tmp_path / "data").rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def test_the_letters_and_their_headers_tell_nothing_of_the_machine(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, now=MONDAY) as at:
        at.deliver(mail())
        at.run()
        head = at.mailer.taken[0][0].partition(b"\r\n\r\n")[0].decode("ascii")
    told = {os.uname().nodename, str(tmp_path), os.getcwd(), os.environ.get("USER", "root")}
    assert not told & set(head.replace("@", " ").replace("=", " ").replace(";", " ").split())
