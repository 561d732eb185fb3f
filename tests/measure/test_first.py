"""The page about a first day is what the commands do today."""

from pathlib import Path

from tests.measure.first import PAGE, STAFF, played
from tests.measure.test_week import CHANGING, typed


def test_a_newcomer_gets_from_a_mailbox_to_a_digest_and_no_applicant_gets_a_letter(tmp_path: Path) -> None:
    with played(tmp_path / "first") as day:
        shown = [command.replace(str(day.folder / "config"), "/etc/mailintake") for command in day.commands]
        assert day.told
        assert set(day.told) == {(STAFF,)}
    told = "\n".join(day.page)
    assert "before=2" in told
    assert "没有发现妨碍运行的问题" in told
    assert "待批准" in told
    assert typed(PAGE.read_text("utf-8")) == [CHANGING.sub("N", one) for one in shown], "make first-day writes the page"
