"""The page about a week is what the commands do today."""

import re
from pathlib import Path

from tests.measure.week import PAGE, played

CHANGING = re.compile(r"[0-9a-f]{12,}|\b[0-9]+\b")  # numbers of letters and events, sha256: they move with every change


def typed(text: str) -> list[str]:
    """Every command of the page, and whether it was refused."""
    found = re.findall(r"^\$ (mailintake .*?)\n(?:.*?)^```(\n（退出码 \d）)?", text, re.MULTILINE | re.DOTALL)
    return [CHANGING.sub("N", f"{command} → {'refused' if code else 'done'}") for command, code in found]


def test_a_week_of_an_office_runs_by_commands_and_the_page_shows_them(tmp_path: Path) -> None:
    with played(tmp_path) as week:
        ran = [CHANGING.sub("N", command) for command in week.commands]
    assert len(ran) > 70
    assert typed(PAGE.read_text("utf-8")) == ran, "make week writes the page anew"
