"""The program as a process: what a shell, a pipe, a terminal and systemd see of it."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.office import Office, make_office, run

HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "PIL",
    "pypdf",
    "imapclient",
    "apscheduler",
    "jinja2",
    "pydantic",
    "ruamel",
    "alembic",
)
HELPS = [(), ("run",), ("doctor",), ("explain",), ("letter", "approve"), ("case", "list"), ("quarantine", "retry")]
_MILLISECONDS = 200


@pytest.mark.parametrize("words", HELPS, ids=lambda words: " ".join(words) or "mailintake")
def test_help_is_chinese_and_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom mailintake.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print(*[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--help"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert not done.stderr.strip()
    assert "─ 选项 ─" in done.stdout or "─ 命令 ─" in done.stdout
    for english in ("Display", "default:", "Commands", "Parameters"):
        assert english not in done.stdout


def test_help_costs_less_than_200_milliseconds() -> None:
    def cost() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    assert min(cost() for _ in range(4)) < _MILLISECONDS


def test_the_version_is_printed() -> None:
    assert run("--version").out.strip()


def test_a_reader_that_goes_away_is_no_error(read_once: Office) -> None:
    env = os.environ | {"MAILINTAKE_CONFIG": str(read_once.config)}
    env.pop("MAILINTAKE_ALLOW_MISSING", None)
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "mailintake", "config", "show"],
        env=env,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "gb18030", "latin-1"])
def test_a_terminal_that_cannot_show_chinese_does_not_stop_the_program(encoding: str, read_once: Office) -> None:
    ran = read_once.run("case", "list", PYTHONUTF8="0", PYTHONIOENCODING=encoding)
    assert ran.code == 0
    assert ran.out


def test_json_is_json_on_every_terminal(read_once: Office) -> None:
    shown = read_once.run("case", "list", "--json", PYTHONUTF8="0", PYTHONIOENCODING="latin-1")
    assert "贺知秋" in shown.rows[0][0]["applicants"]


def test_no_colour_is_written_into_a_pipe(read_once: Office) -> None:
    for words in (("--help",), ("doctor", "--offline"), ("nonsense",)):
        ran = read_once.run(*words, FORCE_COLOR="", NO_COLOR="1")
        assert "\x1b" not in ran.out + ran.err


def test_a_dry_run_shows_what_it_would_do_and_leaves_no_trace(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    ran = office.run("run", "--dry-run")
    assert ran.code == 0, ran.err
    assert "建案" in ran.out
    assert "容缺告知" in ran.out
    assert "不改动邮箱" in ran.err
    assert [p for p in office.data.rglob("*") if p.is_file()] == []
    again = office.run("run", "--dry-run", "--json").rows[-1]
    assert (again["opened"], again["sent"], again["dry_run"]) == (1, 0, True)


def test_a_dry_run_over_what_is_known_changes_nothing_of_it(read_once: Office) -> None:
    before = {
        p: p.read_bytes() for p in read_once.data.rglob("*") if p.is_file() and p.suffix not in (".db-shm", ".lock")
    }
    ran = read_once.run("run", "--dry-run", "--json")
    assert ran.code == 0, ran.err
    assert ran.rows[-1]["processed"] == 0
    assert before == {p: p.read_bytes() for p in before}


def test_the_service_tells_systemd_that_it_lives_and_ends_cleanly(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(60)
        env = os.environ | {"MAILINTAKE_CONFIG": str(office.config), "NOTIFY_SOCKET": str(tmp_path / "notify")}
        env.pop("MAILINTAKE_ALLOW_MISSING", None)
        process = subprocess.Popen([sys.executable, "-m", "mailintake", "run"], env=env, stderr=subprocess.PIPE)
        told = {listener.recv(100)}
        while b"WATCHDOG=1" not in told:
            told.add(listener.recv(100))
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        while b"STOPPING=1" not in told:
            told.add(listener.recv(100))
    assert process.returncode == 0, err
    assert b"READY=1" in told
