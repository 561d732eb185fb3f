"""The first configuration: complete, commented, never overwritten, accepted by check."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.office import run

from mailintake.app.initial import Answers, initial_files, servers_of
from mailintake.config import load


@pytest.mark.parametrize("service", [False, True])
def test_what_init_writes_is_accepted_by_check_and_keeps_its_comments(tmp_path: Path, service: bool) -> None:
    folder = tmp_path / "config"
    ran = run("init", folder, "--defaults", *(["--service"] if service else []))
    assert ran.code == 0, ran.err
    assert f"mailintake check --config {folder}" in ran.err
    assert "授权码" in ran.err
    assert "# 头几周所有信件先由工作人员点头" in (folder / "mailintake.yaml").read_text("utf-8")
    assert run("check", "--config", folder).code == 0
    settings = load(folder, {}).settings
    assert settings.smtp.from_address == settings.mailboxes[0].user
    assert (settings.mailboxes[0].password_file is None) == service
    assert settings.data_folder == (Path("/var/lib/mailintake") if service else folder / "var")


def test_a_second_init_touches_nothing(tmp_path: Path) -> None:
    run("init", tmp_path, "--defaults")
    (tmp_path / "mailintake.yaml").write_text("# mine\n", "utf-8")
    ran = run("init", tmp_path, "--defaults")
    assert ran.code == 2
    assert "mailintake check" in ran.err
    assert (tmp_path / "mailintake.yaml").read_text("utf-8") == "# mine\n"


def test_a_dry_run_only_shows_the_files(tmp_path: Path) -> None:
    ran = run("init", tmp_path / "new", "--defaults", "--dry-run")
    assert "imap.163.com" in ran.out
    assert not (tmp_path / "new").exists()


def test_another_address_gives_its_own_servers_and_its_own_office(tmp_path: Path) -> None:
    assert servers_of("office@qq.com") == ("imap.qq.com", "smtp.qq.com")
    files = initial_files(Answers("office@qq.com", "imap.qq.com", "smtp.qq.com", "staff@office.example"))
    assert "intake_address: office@qq.com" in files["office.yaml"]
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    configuration = load(tmp_path, {})
    assert configuration.rules.office.intake_address == "office@qq.com"
    assert configuration.settings.digest.recipients == ("staff@office.example",)


def test_the_questions_are_asked_and_the_code_goes_into_a_private_file(tmp_path: Path) -> None:
    """On a terminal of its own: the authorisation code is not shown while it is typed."""
    folder = tmp_path / "config"
    master, slave = pty.openpty()
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAILINTAKE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "mailintake", "init", str(folder)],
        stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    screen = b""
    for question, answer in (("地址", "o@qq.com"), ("收信", ""), ("发信", ""), ("日报", ""), ("不显示", "secretcode")):
        screen = until(master, screen, question)
        time.sleep(0.2)  # the terminal is set to silence right after the question
        os.write(master, answer.encode() + b"\n")
        screen = b""
    shown = until(master, b"", "run --once")
    assert process.wait(30) == 0
    assert b"secretcode" not in shown
    assert (folder / "authorisation-code").read_text() == "secretcode\n"
    assert (folder / "authorisation-code").stat().st_mode & 0o077 == 0
    assert load(folder, {}).settings.mailboxes[0].host == "imap.qq.com"


def until(master: int, screen: bytes, words: str) -> bytes:
    """Everything the terminal showed until those words were there."""
    end = time.monotonic() + 30
    while words.encode() not in screen and time.monotonic() < end:
        if select.select([master], [], [], 0.5)[0]:
            try:
                screen += os.read(master, 4096)
            except OSError:  # the process has ended
                break
    assert words.encode() in screen, screen.decode("utf-8", "replace")
    return screen
