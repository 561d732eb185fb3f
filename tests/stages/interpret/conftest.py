"""Rules made of the words and fees in config/, and a short way to have a paper read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.support.papers import Sheet

from mailintake.model.facts import FileFacts, Reading, TextFacts, TextLine
from mailintake.model.rules import ClassificationPolicy, Fee, RuleSet, Vocabulary
from mailintake.stages.interpret import interpret
from mailintake.stages.interpret.words import Words

CONFIG = Path(__file__).resolve().parents[3] / "config"


def _load(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text("utf-8"))


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    lists: dict[str, tuple[str, ...]] = {}
    for file in sorted((CONFIG / "words").glob("*.yaml")):
        lists |= {name: tuple(words) for name, words in _load(file).items()}
    fees = {
        key: Fee(key, **dict[str, Any]({name: tuple(v) if isinstance(v, list) else v for name, v in body.items()}))
        for key, body in _load(CONFIG / "fees.yaml").items()
    }
    nothing: Any = None
    return RuleSet("test", (), {}, (), (), (), ClassificationPolicy(), Vocabulary(lists), fees, nothing, nothing)


@pytest.fixture(scope="session")
def words(rules: RuleSet) -> Words:
    return Words(rules.vocabulary)


@pytest.fixture(scope="session")
def read(rules: RuleSet) -> Callable[..., Reading]:
    """read(sheet or lines of text, source="layer") → Reading."""

    def reader(paper: Sheet | str, source: str = "layer", score: float = 1.0) -> Reading:
        if isinstance(paper, str):
            text = TextFacts(tuple(TextLine(line, score=score) for line in paper.splitlines()), source)
        else:
            text = paper.read(source, score)
        return interpret(FileFacts("0" * 64, 1, "pdf"), text, "1.pdf", rules)

    return reader


@pytest.fixture(scope="session")
def sure() -> Callable[[Reading], dict[str, str]]:
    """The fields that may pass a check, first value of each."""
    return lambda reading: {f.name: f.value for f in reversed(reading.fields) if f.sure}
