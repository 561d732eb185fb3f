"""The log: one line a record whatever a stranger wrote, and nothing of applicants in it."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailintake.app.logs import start_logging
from mailintake.config.settings import LogSettings
from mailintake.errors import StoreBusy

_log = logging.getLogger("mailintake.test")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(file: Path) -> list[str]:
    return file.read_text("utf-8").split("\n")[:-1]


@pytest.mark.parametrize("json_lines", [True, False])
def test_a_record_is_one_line_whatever_it_says(tmp_path: Path, json_lines: bool) -> None:
    file = tmp_path / "logs" / "run.log"
    start_logging(LogSettings(file=file, json=json_lines))
    _log.info("subject %s", "a\r\nERROR forged\x1b[2J\u202egnp")
    (line,) = lines(file)
    told = json.loads(line)["message"] if json_lines else line
    assert not any(ord(character) < 32 or character == "\u202e" for character in told)
    assert "forged" in told


@pytest.mark.parametrize("json_lines", [True, False])
def test_times_are_the_offices_with_their_offset(tmp_path: Path, json_lines: bool) -> None:
    file = tmp_path / "run.log"
    start_logging(LogSettings(file=file, json=json_lines))
    _log.info("x")
    (line,) = lines(file)
    told = json.loads(line)["asctime"] if json_lines else line.split(" ")[0]
    assert datetime.fromisoformat(told).utcoffset() == timedelta(hours=8)


def test_a_log_that_was_moved_away_is_begun_anew_and_stays_private(tmp_path: Path) -> None:
    """logrotate without a signal."""
    file = tmp_path / "run.log"
    start_logging(LogSettings(file=file))
    _log.info("before")
    file.rename(tmp_path / "run.log.1")
    _log.info("after")
    assert [json.loads(line)["message"] for line in lines(file)] == ["after"]
    assert [json.loads(line)["message"] for line in lines(tmp_path / "run.log.1")] == ["before"]
    assert file.stat().st_mode & 0o077 == 0


def test_an_exception_tells_where_and_not_what(tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    start_logging(LogSettings(file=file, json=False))
    try:
        int("贺知秋 EA1234561")
    except ValueError:
        _log.exception("a step failed")
    (line,) = lines(file)
    assert "EA1234561" not in line
    assert "ValueError at test_logs.py:" in line


def test_our_own_faults_say_what_an_operator_understands(tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    start_logging(LogSettings(file=file, json=False))
    try:
        raise StoreBusy("the database is locked by somebody else")
    except StoreBusy:
        _log.exception("a step failed")
    assert "the database is locked by somebody else" in lines(file)[0]


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    start_logging(LogSettings(file=tmp_path / "run.log"))
    assert (tmp_path / "run.log").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("json_lines", [True, False])
def test_a_folder_is_called_as_it_is_called_and_no_name_stops_a_line(tmp_path: Path, json_lines: bool) -> None:
    file = tmp_path / "run.log"
    start_logging(LogSettings(file=file, json=json_lines))
    _log.info("mailbox.first_look folder=%s", "垃圾邮件")
    _log.info("mailbox.first_look folder=%s", "\udc80")
    whole, broken = lines(file)
    assert "folder=垃圾邮件" in whole
    assert "\\udc80" in broken
