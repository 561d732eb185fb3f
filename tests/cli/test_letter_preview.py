"""Letters before anybody gets one: every kind, a real case, light and dark, and what an edited sentence changes."""

from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.support.office import Office

from mailintake.config.resource import resource
from mailintake.model.letter import INTERNAL, LetterKind

_KINDS = {kind.value for kind in LetterKind if kind not in INTERNAL}
_OURS = "系统自动核对，最终以工作人员审核为准。"
_THEIRS = "由系统核对，以工作人员审核的结果为准。"


@pytest.fixture
def edited(office: Office) -> None:
    """Rules are in force by now, and one sentence at the foot of every letter is put otherwise in the folder."""
    template = resource("templates/parts/foot.txt").read_text("utf-8")
    assert _OURS in template
    place = office.config / "templates" / "parts" / "foot.txt"
    place.parent.mkdir(parents=True)
    place.write_text(template.replace(_OURS, _THEIRS), "utf-8")


def test_every_kind_of_letter_can_be_looked_at_without_a_case(command: Command) -> None:
    ran = command("letter", "preview", "--json")
    rows = ran.rows[0]["letters"]
    assert {row["letter"] for row in rows} == _KINDS
    assert all(row["subject"] and row["text"] and "<html" in row["html"] for row in rows)
    assert not any(row["changed"] for row in rows)


def test_a_changed_sentence_shows_as_the_difference_of_the_letters(command: Command, edited: None) -> None:
    rows = {row["letter"]: row for row in command("letter", "preview", "--json").rows[0]["letters"]}
    assert rows["correction"]["changed"] == [f"-{_OURS}", f"+{_THEIRS}"]
    shown = command("letter", "preview", "correction").out
    assert "和生效的信相比" in shown
    assert shown.count(_THEIRS) == 2  # in the letter, and as a line that is new
    unchanged = {name for name, row in rows.items() if not row["changed"]}
    listed = {row["letter"] for row in command("letter", "preview", "--changed", "--json").rows[0]["letters"]}
    assert listed == _KINDS - unchanged


def test_pages_for_light_and_dark_are_written(command: Command, edited: None, tmp_path: Path) -> None:
    ran = command("letter", "preview", "--html", tmp_path / "pages")
    assert str(tmp_path / "pages" / "index.html") in ran.err
    index = (tmp_path / "pages" / "index.html").read_text("utf-8")
    for kind in _KINDS:
        light, dark = ((tmp_path / "pages" / f"{kind}{way}.html").read_text("utf-8") for way in ("", ".dark"))
        assert light != dark
        assert "prefers-color-scheme" not in light + dark
        assert f'src="{kind}.dark.html"' in index
    assert _THEIRS in index


def test_a_real_case_is_shown_as_its_letter_of_today(command: Command) -> None:
    number = command("case", "list", "--json").rows[0][0]["number"]
    (row,) = command("letter", "preview", number, "--json").rows[0]["letters"]
    assert (row["letter"], "贺知秋" in row["text"], number in row["subject"]) == ("tolerated", True, True)


def test_what_is_neither_is_refused_with_the_kinds_there_are(command: Command) -> None:
    ran = command("letter", "preview", "nothing")
    assert ran.code == 2
    assert "correction" in ran.err


def test_a_broken_template_is_told_with_its_line(command: Command, edited: None, office: Office) -> None:
    (office.config / "templates" / "parts" / "foot.txt").write_text("{{ absent }}\n", "utf-8")
    ran = command("letter", "preview")
    assert ran.code == 3
    assert "foot.txt:1" in ran.err
