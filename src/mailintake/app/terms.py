"""Codes and values of the program in words a clerk reads, for `explain` and `case show`."""

from collections.abc import Mapping
from functools import partial

from mailintake.config.catalogue import catalogue, spoken
from mailintake.letters.masking import mask_text
from mailintake.letters.render import Renderer


def term(group: str, code: str) -> str:
    """What a check, a reason, a source or a step is called; the code itself where it has no name (a rule's id)."""
    return catalogue("terms", spoken()).get(f"{group}.{code}", code)


check_name, source_name, step_name, said = (partial(term, group) for group in ("check", "source", "step", "said"))


def skipped(why: str) -> str:
    """Why a check was not made."""
    words = catalogue("terms", spoken())
    return words.get(f"skipped.{why}", words["skipped.other"])


def measured(values: Mapping[str, object], renderer: Renderer) -> str:
    """What was measured, as labels and values; numbers of documents are masked."""
    return " ".join(f"{_label(key, renderer)} {_value(value, renderer)}" for key, value in values.items())


def _label(key: str, renderer: Renderer) -> str:
    return str(renderer.digest_lines.label(key, renderer.digest_words)).strip() or term("measure", key)


def _value(value: object, renderer: Renderer) -> str:
    words = catalogue("terms", spoken())
    if isinstance(value, bool):
        return words[f"value.{str(value).lower()}"]
    if isinstance(value, Mapping):
        return words["list.comma"].join(f"{_label(k, renderer)} {_value(v, renderer)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return words["list.comma"].join(_label(str(one), renderer) for one in value)
    return mask_text(str(value))
