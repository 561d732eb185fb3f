"""mailintake cases: what is in hand."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, Everything, hint, opened, print_json, print_lines
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned, blocks
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.zone import SHANGHAI

if TYPE_CHECKING:
    from mailintake.model.summary import CaseSummary

app = make_app("cases")

Search = Annotated[str, Parameter(help=say("cases.search.help"))]
Due = Annotated[bool, Parameter(name="--due", help=say("cases.due.help"))]
Number = Annotated[str, Parameter(help=say("cases.number.help"))]


@app.command(name="list", help=say("cases.list.help"))
def list_cases(
    search: Search = "",
    *,
    due: Due = False,
    everything: Everything = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """One line a case, the earliest day first."""
    with opened(config) as (configuration, shells):
        cases = shells.store.summaries(open_only=not everything, search=search)
        words = shells.renderer.digest_words
        titles = {p.key.value: p.title for p in configuration.rules.procedures}
        today = shells.clock().astimezone(SHANGHAI).date().isoformat()
    rows = sorted((_row(case) for case in cases), key=lambda row: (row["due"] or "9", row["number"]))
    if due:
        rows = [row for row in rows if row["due"] and row["due"] <= today]
    if json:
        print_json(cases=rows)
        return 0
    shown = (
        (r["number"], titles[r["procedure"]], r["company"], r["people"], words.states.get(r["state"]), r["due"])
        for r in rows
    )
    print_lines(aligned(shown))
    hint(say("cases.next") if rows else say("cases.none"))
    return 0


@app.command(name="show", help=say("cases.show.help"))
def show_case(number: Number, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Everything known about one case. Numbers of passports and cards are masked, except in JSON."""
    from mailintake.app.explain_case import CaseExplainer
    from mailintake.model.codec import encode
    from mailintake.worker.intake.offices import for_case

    with opened(config) as (_, shells):
        case = shells.store.case(number)
        if case is None:
            raise UsageError(say("explain.none", what=number), fix="mailintake cases list --everything")
        events = shells.store.events(case=number)
        if json:
            print_json(case=encode(case), events=encode(events))
            return 0
        print_lines(blocks(CaseExplainer(for_case(shells, case).rules, shells.renderer, say).rows(case)))
    label = say("label.events")
    rows = [(_moment(e.at), e.actor, e.what, " ".join(f"{k}={v}" for k, v in e.data)) for e in events]
    print_lines(blocks((("" if i else label), *row) for i, row in enumerate(rows)))
    return 0


def _row(case: "CaseSummary") -> dict[str, str]:
    return {
        "number": case.number,
        "procedure": case.procedure.value,
        "company": case.company,
        "people": say("list.comma").join(case.people),
        "state": case.state.value,
        "due": case.due.isoformat() if case.due else "",
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
