"""The page about a Monday is what the commands do today."""

from pathlib import Path

from tests.measure.monday import PAGE, played
from tests.measure.test_week import CHANGING, typed


def test_an_operators_monday_runs_by_commands_and_the_page_shows_them(tmp_path: Path) -> None:
    """Letters that went out under the set that is taken back are named one by one."""
    with played(tmp_path) as day:
        ran = [CHANGING.sub("N", command) for command in day.commands]
    told = "\n".join(day.page)
    assert "变坏 1 项" in told
    assert "期间已发出的信 2 封，不能收回" in told
    assert "letters=new_or_renew:waiting" in told
    assert typed(PAGE.read_text("utf-8")) == ran, "make monday writes the page anew"
