"""The clerks' handbook: every picture is there, every act has its line, every screen its chapter."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.desk.test_browser import SHOWN

from mailintake.config import resource

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "handbook-staff.md").read_text("utf-8")
ACTS = re.findall(r"^\| \w+ (\w+) \| ([^|]+) \|", (DOCS / "acts.md").read_text("utf-8"), re.MULTILINE)


def test_every_picture_it_names_exists_and_every_screen_has_one() -> None:
    named = set(re.findall(r"\]\(images/([\w-]+\.webp)\)", TEXT))
    assert named == {f"desk-{name}.webp" for name in SHOWN}
    assert all((DOCS / "images" / name).stat().st_size > 1000 for name in named)


@pytest.mark.parametrize(("act", "title"), ACTS)
def test_every_act_is_told_with_when_to_use_it_and_how_to_take_it_back(act: str, title: str) -> None:
    rows = [row.split("|") for row in TEXT.splitlines() if row.startswith("|")]
    told = [row for row in rows if len(row) == 6 and row[2].strip() == title.strip()]
    assert len(told) == 1, act
    _, button, _, when, back, _ = (cell.strip() for cell in told[0])
    assert len(when) > 3
    assert len(back) > 1
    label = YAML(typ="safe").load(resource("templates/desk/acts.yaml").read_text("utf-8"))[act].get("label")
    if label and act not in ("rule", "dismiss_flag", "tick_paper"):
        assert button == label, act


def test_it_has_the_length_of_a_manual() -> None:
    assert len(re.sub(r"\s", "", TEXT)) > 7500
    assert len(re.findall(r"^## ", TEXT, re.MULTILINE)) == 14
