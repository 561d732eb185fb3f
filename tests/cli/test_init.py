"""The first configuration: complete, commented, never overwritten, accepted by check."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.certificates import make_certificates
from tests.support.netease import PASSWORD, USER, netease
from tests.support.office import run

from mailintake.app.initial import Answers, initial_files
from mailintake.app.providers import Server, provider_named, provider_of, providers, servers_for
from mailintake.cli import main
from mailintake.cli.words import say
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


@pytest.mark.parametrize(
    ("address", "provider", "imap", "smtp"),
    [
        ("o@163.com", "", "imap.163.com", "smtp.163.com"),
        ("o@126.com", "", "imap.126.com", "smtp.126.com"),
        ("o@qq.com", "", "imap.qq.com", "smtp.qq.com"),
        ("o@office.example", "exmail", "imap.exmail.qq.com", "smtp.exmail.qq.com"),
        ("o@office.example", "aliyun", "imap.qiye.aliyun.com", "smtp.qiye.aliyun.com"),
        ("o@office.example", "qiye163", "imap.qiye.163.com", "smtp.qiye.163.com"),
        ("o@Office.example", "", "imap.office.example", "smtp.office.example"),
    ],
)
def test_every_provider_has_its_servers_and_explains_what_to_log_in_with(
    address: str, provider: str, imap: str, smtp: str, tmp_path: Path
) -> None:
    known = provider_named(provider) if provider else provider_of(address)
    assert servers_for(known, address) == (Server(imap, 993), Server(smtp, 465))
    assert say(f"init.code.{known.code}")
    given = ["--provider", provider] if provider else []
    ran = run("init", tmp_path / "new", "--defaults", "--address", address, *given)
    assert ran.code == 0, ran.err
    settings = load(tmp_path / "new", {}).settings
    assert (settings.mailboxes[0].host, settings.smtp.host) == (imap, smtp)
    assert set(known.titles) == {"zh", "en"}


def test_a_provider_or_address_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    ran = run("init", tmp_path / "new", "--defaults", "--provider", "gmail")
    assert ran.code == 2
    assert all(one.key in ran.err for one in providers())
    assert run("init", tmp_path / "new", "--defaults", "--address", "o＠qq.com").code == 2


def test_another_address_gives_its_own_office(tmp_path: Path) -> None:
    files = initial_files(
        Answers("office@qq.com", Server("imap.qq.com", 993), Server("smtp.qq.com", 465), "staff@office.example")
    )
    assert "intake_address: office@qq.com" in files["office.yaml"]
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    configuration = load(tmp_path, {})
    assert configuration.rules.office.intake_address == "office@qq.com"
    assert configuration.settings.digest.recipients == ("staff@office.example",)


def test_what_was_answered_is_tried_and_what_the_server_calls_spam_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong answers are asked again; a wrong code is told as doctor tells it, and typed again."""
    certificates = make_certificates(tmp_path)
    with netease(context=certificates.server_context()) as server:
        host, imap, smtp = server.host, str(server.imap_port), str(server.smtp_port)
        answers = ["office＠office.example", USER, "9", "7", "n", host, "0", imap, "none?", ""]
        answers += [host, smtp, "", USER, "no-such-file", str(certificates.authority), "staff@office.example", "y"]
        codes = ["wrong", PASSWORD]
        monkeypatch.setattr("builtins.input", lambda: answers.pop(0))
        monkeypatch.setattr("mailintake.cli.init.getpass", lambda *_, **__: codes.pop(0))
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        with pytest.raises(SystemExit) as ended:
            main(["init", str(tmp_path / "config")])
    said = capsys.readouterr()
    assert ended.value.code == 0, said.err
    assert not answers
    for words in (
        "不是邮箱地址",
        "请写列出的序号",
        "不是端口号",
        "none 只用于本机",
        "网易企业邮箱",
        "读不了 no-such-file",
    ):
        assert words in said.err
    assert "✗ 邮箱 main" in said.out
    assert "✓ 邮箱 main" in said.out
    assert "IMAP ID" in said.out
    assert "SMTP SIZE" in said.out
    assert PASSWORD not in said.out + said.err
    settings = load(tmp_path / "config", {}).settings
    assert settings.mailboxes[0].folders == ("INBOX", "垃圾邮件")
    assert (settings.mailboxes[0].user, settings.smtp.port) == (USER, server.smtp_port)
    assert (tmp_path / "config" / "authorisation-code").read_text() == f"{PASSWORD}\n"


def test_the_questions_are_asked_and_the_code_goes_into_a_private_file(tmp_path: Path) -> None:
    """On a terminal of its own: the authorisation code is not shown while it is typed."""
    folder = tmp_path / "config"
    master, slave = pty.openpty()
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAILINTAKE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "mailintake", "init", str(folder), "--offline"],
        stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    screen = b""
    for question, answer in (("地址", "o@qq.com"), ("以上对吗", ""), ("日报", ""), ("不显示", "secretcode")):
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
