"""The shipped rules, and a short way to have a paper read."""

from collections.abc import Callable

import pytest
from tests.support.papers import Sheet

from mailintake.config import load
from mailintake.model.facts import FileFacts, Reading, TextFacts, TextLine
from mailintake.model.rules import RuleSet
from mailintake.stages.interpret import interpret
from mailintake.stages.interpret.readers import given
from mailintake.stages.interpret.words import Words


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load(None).rules


@pytest.fixture(scope="session")
def words(rules: RuleSet) -> Words:
    return Words(rules.vocabulary, rules.kinds)


@pytest.fixture(scope="session")
def read(rules: RuleSet) -> Callable[..., Reading]:
    """read(sheet or lines of text, source="layer") → Reading."""

    def reader(paper: Sheet | str, source: str = "layer", score: float = 1.0) -> Reading:
        if isinstance(paper, str):
            text = TextFacts(tuple(TextLine(line, score=score) for line in paper.splitlines()), source)
        else:
            text = paper.read(source, score)
        reading = interpret(FileFacts("0" * 64, 1, "pdf"), text, "1.pdf", rules)
        kinds = [rules.kinds[key] for key in (reading.kind, *reading.also) if key]
        promised = {fact for kind in kinds for fact in given(kind, rules.vocabulary)}
        assert not kinds or {field.name for field in reading.fields} <= promised  # what checks may ask for
        return reading

    return reader


@pytest.fixture(scope="session")
def sure() -> Callable[[Reading], dict[str, str]]:
    """The fields that may pass a check, first value of each."""
    return lambda reading: {f.name: f.value for f in reversed(reading.fields) if f.sure}
