"""Examples are put in order once for each program and each set of words, whichever process asks."""

from pathlib import Path

import pytest

from mailintake.config.known_indexes import KnownIndexes
from mailintake.stages.words import kept_index as subject
from mailintake.stages.words.keeper import keep_in, keeper
from mailintake.stages.words.nearest import Index, Voting, examples_of, index_of, marks_of, shares

LINES = ("fee: 费用是多少", "fee: 要交多少钱", "photo: 照片有什么要求", "photo fee: 照片要交钱吗", "none: 天气不错")
VOTING = Voting(voters=3, common=0.5)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, and a keeper that uses it."""
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("mailintake.stages.words.keeper._keeper", [keeper()])
    keep_in(KnownIndexes())
    return tmp_path / "mailintake"


def made() -> Index:
    """As it is made."""
    examples = examples_of(LINES)
    return index_of(examples, lambda text: marks_of(text, ()), VOTING)


def never() -> Index:
    """Where it must have been kept."""
    raise AssertionError("it was put in order again")


def test_what_was_kept_votes_as_what_was_made() -> None:
    first = subject.kept_index("asked", (LINES,), made)
    again = subject.kept_index("asked", (LINES,), never)
    assert (again.kinds, again.voting, dict(again.weights)) == (first.kinds, first.voting, dict(first.weights))
    for text in ("照片费用", "多少", "别的", "天气"):
        assert shares(marks_of(text, ()), again) == shares(marks_of(text, ()), first)
    assert 0.0 in first.weights.values()  # a mark that stands in too many examples is kept as such


@pytest.mark.parametrize(("name", "words"), [("other", (LINES,)), ("asked", (LINES[1:],)), ("asked", (LINES, ()))])
def test_other_words_are_another_index(name: str, words: tuple[tuple[str, ...], ...]) -> None:
    subject.kept_index("asked", (LINES,), made)
    with pytest.raises(AssertionError, match="again"):
        subject.kept_index(name, words, never)


@pytest.mark.parametrize(
    ("there", "put"),
    [('"counts"', '"count"'), ('"examples":"', '"examples":"AQAAAA'), ('"marks":"', '"marks":"@'), ('"kinds":[', "[")],
)
def test_what_was_kept_in_part_is_made_anew(cache: Path, there: str, put: str) -> None:
    first = subject.kept_index("asked", (LINES,), made)
    for path in cache.glob("index-*.json"):
        path.write_text(path.read_text("utf-8").replace(there, put), "utf-8")
    again = subject.kept_index("asked", (LINES,), made)
    assert shares(marks_of("照片", ()), again) == shares(marks_of("照片", ()), first)


def test_no_other_account_reads_it(cache: Path) -> None:
    subject.kept_index("asked", (LINES,), made)
    assert [path.stat().st_mode & 0o077 for path in cache.glob("index-*.json")] == [0]
