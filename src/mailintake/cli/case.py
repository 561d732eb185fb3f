"""mailintake case: what is in hand, and what is done to it."""

from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.acting import add_acts
from mailintake.cli.common import (
    AsJson,
    ConfigFolder,
    Everything,
    hint,
    looked,
    opened,
    print_json,
    print_lines,
    print_rows,
)
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned, blocks
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.act import Target
from mailintake.model.zone import SHANGHAI

if TYPE_CHECKING:
    from mailintake.config import Configuration
    from mailintake.model.case import Case, Event
    from mailintake.model.summary import CaseSummary
    from mailintake.worker.shells import Shells

app = make_app("case")

Search = Annotated[str, Parameter(help=say("case.search.help"))]
Due = Annotated[bool, Parameter(name="--due", help=say("case.due.help"))]
Who = Annotated[str, Parameter(help=say("case.who.help"))]
Number = Annotated[str, Parameter(help=say("case.number.help"))]
At = Annotated[int | None, Parameter(name="--at", help=say("case.at.help"))]


@app.command(name="list", help=say("case.list.help"))
def list_cases(
    search: Search = "",
    *,
    due: Due = False,
    everything: Everything = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """One line a case, the earliest day first."""
    if search.strip():
        with opened(config) as (configuration, shells):
            found = shells.store.summaries(open_only=not everything, search=search)
    else:
        with looked(config) as (configuration, store):
            found = store.summaries(open_only=not everything)
    today = datetime.now(SHANGHAI).date()
    rows = sorted(found, key=lambda one: (one.due is None, one.due, one.number))
    if due:
        rows = [one for one in rows if one.due is not None and one.due <= today]
    if json:
        print_rows(_row(one) for one in rows)
        return 0
    comma, words = say("list.comma"), _staff_words(configuration)
    titles = {p.key: p.title for p in configuration.rules.procedures}
    shown = (
        (
            one.number,
            titles[one.procedure],
            one.company,
            comma.join(one.people),
            words.states.get(one.state.value),
            one.due.isoformat() if one.due else "",
            one.assigned,
        )
        for one in rows
    )
    print_lines(aligned(shown))
    hint(say("case.next") if rows else say("case.none"))
    return 0


def _staff_words(configuration: "Configuration") -> SimpleNamespace:
    from mailintake.config import resource_folders
    from mailintake.letters.render import Renderer

    return Renderer(*resource_folders("templates", configuration.rules_folder)).digest_words


@app.command(name="show", help=say("case.show.help"))
def show_case(number: Number, *, at: At = None, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Everything known about one case, now or as it was when a letter of it was written. Numbers of passports and cards
    are masked, except in JSON."""
    from mailintake.app.explain_case import CaseExplainer
    from mailintake.model.codec import encode
    from mailintake.worker.offices import for_case

    with opened(config) as (_, shells):
        case = shells.store.case(number) if at is None else _case_at(shells, number, at)
        if case is None:
            raise UsageError(say("explain.none", what=number), fix="mailintake case list --everything")
        events = shells.store.events(case=number) if at is None else ()
        words = {(w.event, w.what): w.words for w in shells.store.words(case=number)}
        if json:
            print_json(case=encode(case), events=encode(events))
            return 0
        print_lines(blocks(CaseExplainer(for_case(shells, case).rules, shells.renderer, say).rows(case)))
        called = shells.renderer.digest_words
        rows = [_event_row(event, words, called.letters | called.states) for event in events]
    label = say("label.events")
    print_lines(blocks((("" if i else label), *row) for i, row in enumerate(rows)))
    return 0


@app.command(name="person", help=say("case.person.help"))
def person(who: Who, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Everything held about one person, for their request. Numbers of passports and cards stand in JSON alone. The log
    says that it was asked for, case by case, and never about whom."""
    from mailintake.app.person import ASKED, held_about
    from mailintake.model.codec import encode
    from mailintake.worker.shells import log_event

    if not who.strip():
        raise UsageError(say("case.person.nobody"), fix="mailintake case person --help")
    with opened(config) as (_, shells):
        held = held_about(shells.store, who)
        with shells.store.begin() as unit:
            for number in [case.number for case in held.cases] or [""]:
                log_event(unit, shells.clock(), ASKED, case=number, actor="operator")
        words = shells.renderer.digest_words
    if json:
        print_json(
            cases=[encode(case) for case in held.cases],
            mails=[encode(row) for row in held.mails],
            letters=[encode(entry) for entry in held.letters],
            looks=[encode(event) for event in held.looks],
        )
        return 0
    print_lines(aligned((case.number, words.states.get(case.state.value), case.company) for case in held.cases))
    print_lines(aligned((_moment(d.received_at), d.name) for case in held.cases for d in case.documents))
    print_lines(aligned((_moment(row.received_at), row.sender, row.subject) for row in held.mails))
    print_lines(aligned((_moment(entry.queued_at), words.letters.get(entry.letter.value)) for entry in held.letters))
    counts = (len(held.cases), len(held.mails), len(held.letters), len(held.looks))
    hint(say("case.person.sum", **dict(zip(("cases", "mails", "letters", "looks"), counts, strict=True))))
    return 0


def _case_at(shells: "Shells", number: str, letter: int) -> "Case | None":
    """The case as it was when that letter was written: the first version that remembers it."""
    from mailintake.worker.past import case_at

    entry = shells.store.outbox_entry(letter)
    if entry is None:
        raise UsageError(say("letter.unknown", id=letter), fix="mailintake letter list --everything")
    return case_at(shells.store, number, entry.message_id)


def _event_row(event: "Event", words: "dict[tuple[int, str], str | None]", called: dict[str, str]) -> tuple[str, ...]:
    """When, who, what, and the words that came with it. `called`: letters and states by their codes."""
    from mailintake.app.act_words import act_title
    from mailintake.app.terms import term

    said = [text for (number, _), text in words.items() if number == event.sequence and text]
    data = dict(event.data)
    what = act_title(data.get("act", event.what))
    plain = "" if "act" in data else " ".join(called[value] for _, value in event.data if value in called)
    return f"{event.sequence}", _moment(event.at), term("actor", event.actor), what, plain, " ".join(said)


def _row(one: "CaseSummary") -> dict[str, object]:
    return {
        "number": one.number,
        "state": one.state.value,
        "revision": one.revision,
        "procedure": one.procedure.value,
        "variant": one.variant,
        "applicants": list(one.people),
        "company": one.company,
        "due": one.due.isoformat() if one.due else None,
        "due_kind": one.due_kind.value if one.due_kind else None,
        "assigned": one.assigned or None,
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


add_acts(app, Target.CASE)
