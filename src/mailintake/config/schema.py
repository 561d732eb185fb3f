"""JSON schemas of the configuration files, so that an editor completes keys and marks faults while typing."""

from typing import Any

from pydantic import TypeAdapter

from mailintake.config.files import BY_LOADER, FILES, KEYED


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
