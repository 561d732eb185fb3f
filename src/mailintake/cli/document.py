"""mailintake document: papers of a case, and what a person says about them."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.acting import add_acts
from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_lines, print_rows
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.act import Target

if TYPE_CHECKING:
    from mailintake.model.assessment import CheckedDocument
    from mailintake.model.case import Case

app = make_app("document")

Number = Annotated[str, Parameter(help=say("case.number.help"))]


@app.command(name="list", help=say("document.list.help"))
def list_documents(number: Number, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """The papers of a case with their outcome; how they are named in acts stands in front."""
    with opened(config) as (configuration, shells):
        case = shells.store.case(number)
        if case is None:
            raise UsageError(say("explain.none", what=number), fix="mailintake case list --everything")
        words, kinds = shells.renderer.digest_words, configuration.rules.kinds
    checked = case.assessment.documents if case.assessment else ()
    if json:
        print_rows(_row(case, one) for one in checked)
        return 0
    rows = []
    for one in checked:
        kind, person = kinds.get(one.document.kind or ""), case.applicant(one.document.applicant)
        faults = say("list.comma").join(words.findings.get(f.code, f.code) for f in one.findings)
        title = kind.title if kind else say("explain.unassigned")
        rows.append((f"{number}/{one.document.sha256[:12]}", title, person.name if person else "", faults))
    print_lines(aligned(rows))
    hint(say("document.next", number=number) if rows else say("document.none"))
    return 0


def _row(case: "Case", checked: "CheckedDocument") -> dict[str, object]:
    document = checked.document
    person = case.applicant(document.applicant)
    return {
        "target": f"{case.number}/{document.sha256}",
        "sha256": document.sha256,
        "path": document.path,
        "kind": document.kind,
        "applicant": person.name or person.name_pinyin if person else None,
        "outcome": checked.outcome.value,
        "findings": [finding.code for finding in checked.findings],
        "superseded": checked.superseded,
        "rulings": [
            {"about": r.about.value, "value": r.value, "key": r.key, "by": r.by, "reason": r.reason}
            for r in case.rulings
            if r.sha256 == document.sha256
        ],
    }


add_acts(app, Target.DOCUMENT)
