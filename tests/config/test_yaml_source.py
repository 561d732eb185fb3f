"""YAML 1.2, with the place of everything."""

from pathlib import Path
from typing import Any

import pytest

from mailintake.config.problems import Problems
from mailintake.config.yaml_source import Source, dotted


def read(folder: Path, text: str) -> tuple[Source, Problems]:
    path = folder / "x.yaml"
    path.write_text(text, "utf-8")
    problems = Problems()
    return Source("x.yaml", path, problems), problems


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
def test_scalars_mean_what_yaml_1_2_says(tmp_path: Path, text: str, value: Any) -> None:
    source, problems = read(tmp_path, f"key: {text}\n")
    assert source.data == {"key": value}
    assert not problems


def test_every_key_and_value_knows_its_place(tmp_path: Path) -> None:
    source, _ = read(tmp_path, "甲:\n  - 一\n  - {乙: 二}\n")
    assert source.place(("甲", 0)) == (2, 5)
    assert source.place(("甲", 1, "乙")) == (3, 9)
    assert source.place(("甲", 1, "乙"), key=True) == (3, 6)
    assert source.place(("甲", 1, "丙")) == (3, 5)


def test_every_duplicate_is_told_not_only_the_first(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert len(problems.lines()) == 2


def test_a_path_reads_as_operators_write_it() -> None:
    assert dotted(("photo", "checks", 0, "use")) == "photo.checks[0].use"
    assert dotted((0, "words", 2)) == "[0].words[2]"


@pytest.mark.parametrize(
    "text", ["a: [1\n", "a: 'x\n", "a: b: c\n", "- a\nb\n: :", "a: *nowhere\n", "\x00", "%YAML 9\n"]
)
def test_unreadable_text_is_one_problem_and_no_exception(tmp_path: Path, text: str) -> None:
    source, problems = read(tmp_path, text)
    assert len(problems.lines()) == 1
    assert not source.sound


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    problems = Problems()
    Source("y.yaml", tmp_path / "y.yaml", problems)
    assert len(problems.lines()) == 1
