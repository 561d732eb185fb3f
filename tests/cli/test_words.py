"""The words of the command line: all there, all used, aligned and safe to print."""

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

from mailintake.cli.table import aligned, blocks, width
from mailintake.cli.words import catalogue, meaning_of, say
from mailintake.model.letter import Mode
from mailintake.model.understanding import Disposition, LinkedBy

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [p for folder in ("cli", "app", "desk") for p in (ROOT / "src" / "mailintake" / folder).rglob("*.py")]
PREFIXES = (
    "status.next.",
    "quarantine.",
    "outbox.",
    "disposition.",
    "linked.",
    "mode.",
    "status.",
    "error.next.",
    "config.change.",
    "check.severity.",
    "act.",
    *("explain.ok", "explain.not_ok"),
    *("rules.line.", "rules.turn.", "rules.head.", "rules.aspect.", "rules.miss.", "rules.said."),
    *("rules.test.help", "rules.backtest.help", "rules.apply.help", "rules.rollback.help", "rules.learn-case.help"),
)


def keys_said() -> set[str]:
    """Every literal key that code asks for, those of other catalogues included."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


@pytest.mark.parametrize(
    ("group", "members"),
    [("mode", Mode), ("disposition", Disposition), ("linked", LinkedBy)],
)
def test_every_state_has_a_word(group: str, members: type[StrEnum]) -> None:
    for member in members:
        assert say(f"{group}.{member.value}")


def test_no_sentence_is_left_over() -> None:
    said = keys_said()
    helps = {f"{name}.help" for name in said}
    computed = re.compile(
        "|".join(
            re.escape(prefix)
            for prefix in (
                *PREFIXES,
                "doctor.program.",
                "doctor.imap.",
                "doctor.smtp.",
                "doctor.special.",
                "init.code.",
                "init.wrong.",
                "status.trouble.",
            )
        )
    )
    unused = [k for k in catalogue() if k not in said and k not in helps and not computed.match(k)]
    assert not unused


def test_no_sentence_stands_there_twice() -> None:
    lines = (ROOT / "templates" / "messages" / "cli.txt").read_text("utf-8").splitlines()
    keys = [line.partition(" = ")[0] for line in lines if line and not line.startswith("#")]
    assert len(keys) == len(set(keys))


def test_chinese_takes_two_places_and_columns_line_up() -> None:
    assert width("办件ab") == 6
    assert list(aligned([("办件", "x"), ("a", "y")])) == ["办件  x", "a     y"]
    assert list(blocks([("人员", "甲"), ("", "乙"), (), ("期限", "x", "y")])) == [
        "人员  甲",
        "      乙",
        "",
        "期限  x  y",
    ]


def test_a_stranger_cannot_write_on_the_terminal() -> None:
    assert list(aligned([("a\x1b[31mb\u202ec\nd",)])) == ["a[31mbc d"]


def test_an_error_of_the_mail_server_is_explained() -> None:
    assert "客户端授权码" in meaning_of("MailboxLoginRefused")
    assert not meaning_of("UsageError")
