"""Examples of rules: the shipped ones hold, a failing one says what came instead and which rule came near."""

from pathlib import Path

from tests.support.worker import shipped

from mailintake.app.rules.example_files import read_examples
from mailintake.app.rules.trying import Tried, try_examples, uncovered
from mailintake.config.layers import shipped_folder
from mailintake.config.problems import Problems


def tried(folder: Path) -> tuple[Tried, ...]:
    problems = Problems()
    examples = read_examples({folder: "config"}, problems)
    assert problems.listed() == ()
    return tuple(try_examples(shipped(), examples))


def written(folder: Path, text: str) -> Path:
    (folder / "own.test.yaml").write_text(text, "utf-8")
    return folder


def test_every_shipped_example_holds_and_every_requirement_is_watched() -> None:
    found = tried(shipped_folder())
    assert [one.example.name for one in found if not one.good] == []
    assert uncovered(shipped().rules, found) == ()


def test_what_no_example_watches_is_named() -> None:
    found = [one for one in tried(shipped_folder()) if one.example.name == "首次申办"]
    gaps = {(gap.variant, gap.kind) for gap in uncovered(shipped().rules, found)}
    assert ("new.first_time", "signature") not in gaps
    assert ("new.first_time", "photo") in gaps
    assert ("renew.same_company", "photo") in gaps


def test_a_failing_example_shows_both_sides_and_the_word_that_came_near(tmp_path: Path) -> None:
    text = """
- name: 换成另一个词
  mail: {subject: 首次申班APEC卡, text: 材料见附件。, files: [照片.jpg]}
  expect: {procedure: new, fires: [new.words], parked: false}
"""
    (one,) = tried(written(tmp_path, text))
    assert not one.good
    sides = {side.aspect: (side.good, side.expected) for side in one.sides}
    assert sides["fires"] == (False, "new.words")
    assert sides["parked"][0]
    miss = next(miss for miss in one.misses if miss.rule == "new.words")
    assert miss.why == "near"
    assert "首次申办 ~ 首次申班" in miss.detail
    assert "classification.yaml:" in miss.source


def test_a_word_that_is_taken_back_is_told_as_such(tmp_path: Path) -> None:
    text = """
- name: 不是新办
  mail: {subject: APEC卡, text: "不是首次办理，是续办。"}
  expect: {procedure: new, fires: [new.words]}
"""
    (one,) = tried(written(tmp_path, text))
    miss = next(miss for miss in one.misses if miss.rule == "new.words")
    assert (miss.why, miss.detail) == ("taken_back", "首次办理")


def test_an_example_that_is_none_is_told_with_its_place(tmp_path: Path) -> None:
    problems = Problems()
    text = "- name: 空\n  expect: {}\n- name: 错\n  mail: {subjekt: x}\n  expect: {}\n"
    assert read_examples({written(tmp_path, text): "config"}, problems) == ()
    assert [(p.code, p.file, p.line) for p in problems.listed()] == [
        ("example-mail", "config/own.test.yaml", 1),
        ("unknown-key", "config/own.test.yaml", 4),
    ]
