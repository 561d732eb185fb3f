"""YAML 1.2, with the place of everything."""

from pathlib import Path
from typing import Any

import pytest

from mailintake.config.problems import File, Problems
from mailintake.config.sources import Source
from mailintake.config.tree import dotted, read_tree


def read(text: str) -> tuple[Source, Problems]:
    problems = Problems()
    tree = read_tree(File("x.yaml", "x.yaml", Path("x.yaml")), text.encode(), problems)
    return Source("x.yaml", tree, problems), problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("", None),
        ("17", 17),
        ("-3", -3),
        ("0102", 102),
        ("1.10", 1.1),
        ("1e3", 1000.0),
        ('"17"', "17"),
        ("'true'", "true"),
        ("2026-01-31", "2026-01-31"),
        ("08:30", "08:30"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("1.1(2)①", "1.1(2)①"),
        ("3.1②", "3.1②"),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text: str, value: Any) -> None:
    source, problems = read(f"key: {text}\n")
    assert source.data == {"key": value}
    assert not problems


def test_every_key_and_value_knows_its_place() -> None:
    source, _ = read("甲:\n  - 一\n  - {乙: 二}\n")
    assert source.spot(("甲", 0))[1:] == (2, 5)
    assert source.spot(("甲", 1, "乙"))[1:] == (3, 9)
    assert source.spot(("甲", 1, "乙"), key=True)[1:] == (3, 6)
    assert source.spot(("甲", 1, "丙"))[1:] == (3, 5)


def test_every_duplicate_is_told_not_only_the_first() -> None:
    _, problems = read("a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert len(problems.listed()) == 2


def test_a_path_reads_as_operators_write_it() -> None:
    assert dotted(("photo", "checks", 0, "use")) == "photo.checks[0].use"
    assert dotted((0, "words", 2)) == "[0].words[2]"


@pytest.mark.parametrize(
    "text", ["a: [1\n", "a: 'x\n", "a: b: c\n", "- a\nb\n: :", "a: *nowhere\n", "\x00", "%YAML 9\n"]
)
def test_unreadable_text_is_one_problem_and_no_exception(text: str) -> None:
    source, problems = read(text)
    assert len(problems.listed()) == 1
    assert not source.sound
