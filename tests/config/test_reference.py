"""docs/config.md and the JSON schemas are made from the values themselves."""

from dataclasses import fields, is_dataclass
from typing import Any

import jsonschema
import pytest

from mailintake.config import json_schema, settings
from mailintake.config.problems import File, Problems
from mailintake.config.reference import comments, reference
from mailintake.config.resource import CHECKOUT
from mailintake.config.settings import MailboxSettings
from mailintake.config.tree import read_tree


def test_the_reference_is_current() -> None:
    written = (CHECKOUT / "docs" / "config.md").read_text("utf-8")
    assert written == reference(), "run: python -m mailintake.config.reference > docs/config.md"


def test_the_comment_behind_a_field_is_its_documentation() -> None:
    assert comments(MailboxSettings)["host"] == "IMAP server"


def test_every_setting_is_documented() -> None:
    for cls in vars(settings).values():
        if isinstance(cls, type) and is_dataclass(cls) and cls.__module__ == settings.__name__:
            notes = comments(cls)
            assert [f.name for f in fields(cls) if not notes.get(f.name)] == [], cls.__name__


@pytest.mark.parametrize(("pattern", "schema"), json_schema().items())
def test_the_shipped_files_fit_the_schemas_for_editors(pattern: str, schema: dict[str, Any]) -> None:
    for path in sorted((CHECKOUT / "config").glob(pattern)):
        tree = read_tree(File(pattern, pattern, path), path.read_bytes(), Problems())
        assert tree is not None
        data = tree.plain
        assert list(jsonschema.Draft202012Validator(schema).iter_errors(data)) == [], path.name


def test_an_editor_is_not_offered_what_the_loader_fills_in() -> None:
    kind = json_schema()["documents.yaml"]["$defs"]["DocumentKind"]
    assert "source" not in kind["properties"]
    assert "key" not in kind["properties"]
    assert kind["additionalProperties"] is False
