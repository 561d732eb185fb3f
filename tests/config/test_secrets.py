"""Passwords never stand in YAML, and a file that others can read is refused."""

from pathlib import Path

import pytest

from mailintake.config import load_settings, password_of
from mailintake.config.settings import MailboxSettings, SmtpSettings
from mailintake.errors import ConfigError

BOX = MailboxSettings(name="second-box", host="imap.example.com", user="a@example.com")


def secret_file(folder: Path, mode: int = 0o600, text: str = "abcdefgh\n") -> Path:
    path = folder / "code"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_file_comes_first_and_its_line_end_does_not_count(tmp_path: Path) -> None:
    box = MailboxSettings(password_file=secret_file(tmp_path))
    assert password_of(box, environ={"MAILINTAKE_MAIN_PASSWORD": "other"}) == "abcdefgh"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    with pytest.raises(ConfigError) as raised:
        password_of(MailboxSettings(password_file=secret_file(tmp_path, mode)), environ={})
    assert raised.value.fix == f"chmod 600 {tmp_path / 'code'}"
    assert "abcdefgh" not in str(raised.value)


def test_a_missing_or_empty_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none", secret_file(tmp_path, text="\n")):
        with pytest.raises(ConfigError, match=path.name):
            password_of(MailboxSettings(password_file=path), environ={})


def test_systemd_credentials_come_before_the_environment(tmp_path: Path) -> None:
    (tmp_path / "second-box.password").write_text("from systemd")
    env = {"CREDENTIALS_DIRECTORY": str(tmp_path), "MAILINTAKE_SECOND_BOX_PASSWORD": "from environment"}
    assert password_of(BOX, environ=env) == "from systemd"
    assert password_of(BOX, environ={"MAILINTAKE_SECOND_BOX_PASSWORD": "from environment"}) == "from environment"


def test_without_any_place_the_error_names_all_three() -> None:
    with pytest.raises(ConfigError) as raised:
        password_of(BOX, environ={})
    for word in ("password_file", "second-box.password", "MAILINTAKE_SECOND_BOX_PASSWORD"):
        assert word in raised.value.fix


def test_smtp_with_the_login_of_a_mailbox_uses_its_password(tmp_path: Path) -> None:
    (tmp_path / "mailintake.yaml").write_text(
        "mailboxes: [{host: i, user: a@example.com}]\n"
        "smtp: {host: s, user: a@example.com, from_address: a@example.com}\n"
    )
    smtp = load_settings(tmp_path, {}).smtp
    assert password_of(smtp, environ={"MAILINTAKE_MAIN_PASSWORD": "shared"}) == "shared"
    own = {"MAILINTAKE_MAIN_PASSWORD": "shared", "MAILINTAKE_SMTP_PASSWORD": "own"}
    assert password_of(smtp, environ=own) == "own"


def test_smtp_with_another_login_does_not() -> None:
    with pytest.raises(ConfigError):
        password_of(SmtpSettings(user="b@example.com"), environ={"MAILINTAKE_MAIN_PASSWORD": "not mine"})
