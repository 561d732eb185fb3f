"""The line that a problem names, with a mark under its column; what looks like a secret is never shown."""

import re
import unicodedata

from mailintake.config.problems import Problem

_SILENT = ("secret-in-file", "not-utf8")
_SECRET = re.compile(r"((?:password|passwd|pwd|secret|token|auth_?code)\w*[\"']?\s*[:=]\s*)\S.*", re.IGNORECASE)
_PASSWORD_IN_URL = re.compile(r"(://[^:/@\s]*:)[^@\s]*@")
_WIDE = "WF"


def excerpt(problem: Problem) -> tuple[str, ...]:
    """Two lines for a terminal, or none where there is no line to show."""
    spot = problem.spot
    if not problem.line or problem.code in _SILENT or not spot.file.path.is_file():
        return ()
    lines = spot.file.path.read_text("utf-8", errors="replace").splitlines()
    if not 0 < spot.line <= len(lines):
        return ()
    line = without_secrets(lines[spot.line - 1])
    margin = f"  {spot.line} | "
    shown = [margin + line]
    if spot.column:
        before = line[: spot.column - 1]
        shown.append(" " * (len(margin) - 2) + "| " + " " * _width(before) + "^")
    return tuple(shown)


def without_secrets(line: str) -> str:
    """A line of a configuration file as it may be shown: `password: ***`, `://user:***@`."""
    return _PASSWORD_IN_URL.sub(r"\1***@", _SECRET.sub(r"\1***", line))


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)
