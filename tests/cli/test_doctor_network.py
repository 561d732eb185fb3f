"""doctor against a mailbox and a mail server on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.support.office import Office

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
