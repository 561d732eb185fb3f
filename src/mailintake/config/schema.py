"""JSON schemas of the configuration files, so that an editor completes keys and marks faults while typing."""

from typing import Any

from pydantic import TypeAdapter

from mailintake.config.calendar import CalendarFile
from mailintake.config.settings import Settings
from mailintake.model.procedure import DocumentKind, Procedure, Prohibition
from mailintake.model.rules import ClassificationPolicy, Fee, Office, Rule

FILES: dict[str, Any] = {
    "mailintake.yaml": Settings,
    "office.yaml": Office,
    "documents.yaml": dict[str, DocumentKind],
    "fees.yaml": dict[str, Fee],
    "procedures/*.yaml": Procedure,
    "prohibitions.yaml": tuple[Prohibition, ...],
    "screening.yaml": tuple[Rule, ...],
    "classification.yaml": tuple[Rule, ...],
    "policy.yaml": ClassificationPolicy,
    "calendar.yaml": CalendarFile,
    "words/*.yaml": dict[str, tuple[str, ...]],
}
KEYED = ("DocumentKind", "Fee")  # their `key` is the key in the file
BY_LOADER = "source"


def json_schema() -> dict[str, Any]:
    """File name (or pattern) → JSON schema of that file, draft 2020-12."""
    return {name: _schema(shape) for name, shape in FILES.items()}


def _schema(shape: Any) -> dict[str, Any]:
    schema = TypeAdapter(shape).json_schema()
    for name, part in (("", schema), *schema.get("$defs", {}).items()):
        _without(part, BY_LOADER)
        if name in KEYED:
            _without(part, "key")
    return schema


def _without(part: dict[str, Any], key: str) -> None:
    part.get("properties", {}).pop(key, None)
    if key in part.get("required", []):
        part["required"].remove(key)
