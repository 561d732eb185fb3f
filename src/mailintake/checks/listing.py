"""docs/checks.md, made from the registry: what each check does and which parameters it takes."""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import get_type_hints

from mailintake.checks.frame import Check, registry
from mailintake.checks.subject import CaseSubject


def checks_document() -> str:
    """The text of docs/checks.md."""
    made = registry().values()
    lines = [
        "# Checks",
        "",
        "Generated from `src/mailintake/checks/`; `make docs` writes it anew and a test holds it current.",
        "A check says *ok*, *not ok* or *not checked*; not checked never counts as ok. `severity` in the configuration",
        "says who hears of a finding; a check may only make it milder.",
        "",
        "## Checks of a document (`checks:` in config/documents.yaml)",
        "",
        *(line for check in made if check.subject_type is not CaseSubject for line in _section(check)),
        "## Conditions of a case (`conditions:` in config/procedures/)",
        "",
        *(line for check in made if check.subject_type is CaseSubject for line in _section(check)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _section(check: Check) -> Iterator[str]:
    yield f"### {check.name}"
    yield ""
    yield check.doc
    yield ""
    if check.facts:
        yield f"Reads {', '.join(f'`{name}`' for name in check.facts)} (docs/fields.md)."
        yield ""
    parameters = fields(check.params_type)
    if not parameters:
        return
    hints = get_type_hints(check.params_type)
    yield (check.params_type.__doc__ or "").strip()
    yield ""
    yield "| parameter | type | default |"
    yield "|---|---|---|"
    for parameter in parameters:
        default = "" if parameter.default is MISSING else repr(parameter.default)
        type_ = getattr(hints[parameter.name], "__name__", "")
        yield f"| `{parameter.name}` | {type_} | {default} |"
    yield ""
