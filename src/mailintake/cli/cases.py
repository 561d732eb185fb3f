"""mailintake cases: what is in hand."""

from cyclopts import App

from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_json
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.case import Case
from mailintake.model.codec import encode

app = App(name="cases", help=say("cases.help"))


@app.command(name="list")
def list_cases(search: str = "", *, everything: bool = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Open cases (or all with --everything) whose number, company or people contain `search`."""
    with opened(config) as (configuration, shells):
        cases = shells.store.cases(open_only=not everything, limit=1000, search=search)
        titles = {p.key: p.title for p in configuration.rules.procedures}
    if json:
        print_json({"schema": 1, "cases": [_row(case) for case in cases]})
        return 0
    for case in cases:
        print(say("cases.line", **(_row(case) | {"procedure": titles[case.procedure]})))
    hint(say("cases.next") if cases else say("cases.none"))
    return 0


@app.command(name="show")
def show_case(number: str, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Everything known about one case."""
    from mailintake.app.explain import explain_case

    with opened(config) as (configuration, shells):
        case = shells.store.case(number)
        if case is None:
            raise UsageError(say("explain.none", what=number), fix="mailintake cases list")
        if json:
            print_json({"schema": 1, "case": encode(case)})
        else:
            print("\n".join(explain_case(case, configuration.rules, say)))
    return 0


def _row(case: Case) -> dict[str, str]:
    due = min((d.due.isoformat() for d in case.deadlines if not d.met), default="")
    people = " ".join(a.name for a in case.applicants)
    return {
        "number": case.number,
        "procedure": case.procedure.value,
        "company": case.company,
        "people": people,
        "state": case.state.value,
        "due": due,
    }
