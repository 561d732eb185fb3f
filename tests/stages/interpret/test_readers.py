"""Every reader says what it gives; that it gives nothing else is held for every paper that these tests read."""

from pathlib import Path

from mailintake.model.rules import RuleSet
from mailintake.stages.interpret.readers import given, readers_document


def test_the_list_of_readers_in_the_documentation_is_current() -> None:
    path = Path(__file__).parents[3] / "docs/readers.md"
    assert path.read_text("utf-8") == readers_document(), "write it anew: make docs"


def test_every_kind_with_a_reader_can_be_asked_for_something(rules: RuleSet) -> None:
    silent = [kind.key for kind in rules.kinds.values() if kind.reader and not given(kind, rules.vocabulary)]
    assert silent == []
