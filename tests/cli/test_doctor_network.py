"""doctor against a mailbox and a mail server on this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.support.netease import PASSWORD, USER, netease
from tests.support.office import Office

from mailintake.app.doctor import Mark
from mailintake.app.doctor_mail import mail_to_self
from mailintake.cli.words import say
from mailintake.config import load
from mailintake.letters.compose import is_own_message_id
from mailintake.mailbox.demo_server import demo_mailbox
from mailintake.mailer.demo_drop import demo_drop

_SETTINGS = """mailboxes:
  - {{name: main, host: {host}, port: {port}, tls: none, user: {user}, folders: [INBOX, Nowhere]}}
smtp: {{host: {smtp_host}, port: {smtp_port}, tls: none, from_address: office@office.example}}
data_folder: ../data
"""


@pytest.fixture
def password(office: Office, tmp_path: Path) -> Iterator[str]:
    """The servers are up and the configuration names them; the password of the mailbox."""
    with demo_mailbox(tmp_path / "box") as (host, port, user, secret), demo_drop(tmp_path / "drop") as (name, number):
        text = _SETTINGS.format(host=host, port=port, user=user, smtp_host=name, smtp_port=number)
        (office.config / "mailintake.yaml").write_text(text, "utf-8")
        yield secret


def marks(command: Command) -> dict[str, str]:
    return {row["name"]: row["mark"] for row in command("doctor", "--json").rows[0]["checks"]}


def test_login_folders_and_mail_server_are_tried_and_nothing_is_sent(
    command: Command, password: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAILINTAKE_MAIN_PASSWORD", password)
    found = marks(command)
    assert (found["邮箱 main"], found["文件夹 INBOX"], found["发信"]) == ("good", "good", "good")
    assert found["文件夹 Nowhere"] == "odd"
    assert not list((tmp_path / "drop").glob("*.eml"))


def test_a_wrong_password_is_named_with_what_mends_it(
    command: Command, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILINTAKE_MAIN_PASSWORD", f"not {password}")
    row = next(r for r in command("doctor", "--json").rows[0]["checks"] if r["name"] == "邮箱 main")
    assert row["mark"] == "bad"
    assert row["fix"]


def test_a_password_that_is_nowhere_is_named_with_the_places_it_may_be(command: Command, password: str) -> None:
    row = next(r for r in command("doctor", "--json").rows[0]["checks"] if r["name"] == "邮箱 main")
    assert "MAILINTAKE_MAIN_PASSWORD" in row["fix"]
    assert "main.password" in row["fix"]


def test_what_both_servers_can_do_is_listed_with_what_it_means(
    command: Command, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILINTAKE_MAIN_PASSWORD", password)
    rows = {row["name"]: row for row in command("doctor", "--json").rows[0]["checks"]}
    assert "登录后报上程序名" in rows["IMAP ID"]["measured"]
    assert rows["IMAP IDLE"]["measured"].startswith("有")
    assert rows["SMTP 8BITMIME"]["mark"] == "good"
    assert rows["“已发送”文件夹"]["mark"] in ("good", "odd")


def test_the_envelope_is_tried_without_a_mail(
    command: Command, password: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAILINTAKE_MAIN_PASSWORD", password)
    row = next(r for r in command("doctor", "--json").rows[0]["checks"] if r["name"] == "发信地址")
    assert row["mark"] == "good"
    assert "office@office.example 可以发信" in row["measured"]
    assert not list((tmp_path / "drop").glob("*.eml"))


def test_an_address_that_the_login_may_not_use_is_named(command: Command, office: Office, tmp_path: Path) -> None:
    """163 lets in whoever knows the code, and refuses every letter of another sender."""
    with netease() as server:
        (office.config / "code").write_text(PASSWORD)
        (office.config / "code").chmod(0o600)
        text = _SETTINGS.format(
            host=server.host, port=server.imap_port, user=USER, smtp_host=server.host, smtp_port=server.smtp_port
        )
        text = text.replace("tls: none, from", f"tls: none, user: {USER}, password_file: code, from")
        (office.config / "mailintake.yaml").write_text(
            text.replace("tls: none, user", "password_file: code, tls: none, user", 1)
        )
        rows = {r["name"]: r for r in command("doctor", "--json").rows[0]["checks"]}
    assert rows["发信"]["mark"] == "good"
    assert rows["发信地址"]["mark"] == "bad"
    assert "553" in rows["发信地址"]["measured"]
    assert rows["发信地址"]["fix"]
    assert not server.state.sent


@pytest.mark.parametrize("arrives", [True, False])
def test_a_mail_to_self_is_sent_once_and_waited_for(
    arrives: bool, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server puts what it takes into the mailbox, or loses it."""
    inbox, out = office.mails, tmp_path / "drop"
    with demo_drop(inbox if arrives else out) as (name, number):
        text = (office.config / "mailintake.yaml").read_text("utf-8")
        smtp = f"smtp: {{host: {name}, port: {number}, tls: none, from_address: office@office.example}}\n"
        (office.config / "mailintake.yaml").write_text(text + smtp, "utf-8")
        configuration = load(office.config, {})
        (told,) = mail_to_self(configuration, say, datetime(2026, 11, 2, tzinfo=UTC), patience=1)
    if arrives:
        assert (told.mark, told.is_bad) == (Mark.GOOD, False)
        assert "INBOX" in told.measured
    else:
        assert told.is_bad
        assert "没有在收信文件夹里看到" in told.measured
        (sent,) = [path.read_text("utf-8") for path in out.glob("*.eml")]
        message_id = next(line for line in sent.splitlines() if line.startswith("Message-ID:"))
        assert is_own_message_id(message_id.partition(": ")[2])


def test_a_dry_run_of_the_mail_to_self_sends_nothing(
    command: Command, password: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAILINTAKE_MAIN_PASSWORD", password)
    assert "演练" in command("doctor", "--mail-to-self", "--dry-run").err
    assert not list((tmp_path / "drop").glob("*.eml"))
