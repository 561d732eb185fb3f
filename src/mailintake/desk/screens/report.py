"""月报: what came, how long it took, what was wrong most often, and where people and machine differed."""

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.app.act_words import act_title
from mailintake.desk.pages import desk_of, page, word_of
from mailintake.desk.place import Desk
from mailintake.model.letter import LetterKind
from mailintake.model.zone import SHANGHAI

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TOP = 10
# Acts by which a person says that the machine was wrong.
_CORRECTING = frozenset(
    {"set_kind", "set_owner", "rule", "dismiss_flag", "set_procedure", "set_company", "set_city", "split", "merge"}
    | {"link", "unlink", "open_case", "is_spam", "not_spam", "put_back"}
)


@dataclass(frozen=True)
class Block:
    """A table of the report: its title and its figures, each behind what it counts."""

    title: str
    figures: Mapping[str, object]


def report(request: Request) -> Response:
    """The page of one month."""
    desk = desk_of(request)
    first = _month(request.query_params.get("month", ""), desk)
    return page(
        request,
        "report.html",
        month=f"{first:%Y-%m}",
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=32):%Y-%m}",
        blocks=blocks(desk, first),
    )


def workbook(request: Request) -> Response:
    """The same as a workbook."""
    import xlsxwriter

    desk = desk_of(request)
    first = _month(request.query_params.get("month", ""), desk)
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        for block in blocks(desk, first):
            sheet = book.add_worksheet(block.title[:31])
            sheet.set_column(0, 0, 40)
            for place, (name, figure) in enumerate(block.figures.items()):
                sheet.write_row(place, 0, (name, figure))
    headers = {"content-disposition": f'attachment; filename="report-{first:%Y-%m}.xlsx"'}
    return Response(made.getvalue(), media_type=_XLSX, headers=headers)


def _month(text: str, desk: Desk) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return desk.now.astimezone(SHANGHAI).date().replace(day=1)


def blocks(desk: Desk, first: date) -> Sequence[Block]:
    """The figures of one month, titled."""
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    start, end = (datetime.combine(day, time(), SHANGHAI) for day in (first, last + timedelta(days=1)))
    store, words, say = desk.shells.store, desk.words, desk.offers.sentence
    month = store.month(start, end)
    opened = month.opened
    answered = sum(one.cases for one in opened if one.first_answer)
    right = sum(one.cases for one in opened if one.first_answer is LetterKind.ACKNOWLEDGEMENT)
    procedures, findings = Counter[str](), Counter[str]()
    for one in opened:
        procedures[one.procedure.value] += one.cases
        findings.update(dict.fromkeys(one.findings, one.cases))
    acts = store.count_acts(start, end)
    figures = {
        "mails": month.mails,
        "cases": procedures.total(),
        "letters": month.letters,
        "right": f"{right} / {answered}",
        "days": f"{median(month.answered_after):.1f}" if month.answered_after else "",
        "late": sum(one.told_late for one in opened),
        "corrections": sum(count for act, count in acts.items() if act in _CORRECTING),
    }
    return (
        Block(say("report", "volume"), {say("report", name): figure for name, figure in figures.items()}),
        Block(say("report", "procedures"), _ranked(procedures, words.procedures.get)),
        Block(say("report", "findings"), _findings(desk, findings)),
        Block(say("report", "parked"), _ranked(Counter(month.parked), words.classes.get)),
        Block(say("report", "acts"), _ranked(Counter(acts), act_title)),
    )


def _findings(desk: Desk, counted: Counter[str]) -> Mapping[str, object]:
    """The most frequent by name; codes of one name, and those without one, count together."""
    other = desk.offers.sentence("skipped", "other")
    return dict(_named(counted, lambda code: word_of(desk.words, code) or other).most_common(_TOP))


def _ranked(counted: Counter[str], name_of: Callable[[str], str | None]) -> Mapping[str, object]:
    return dict(_named(counted, name_of).most_common())


def _named(counted: Counter[str], name_of: Callable[[str], str | None]) -> Counter[str]:
    """By what people call it; what nobody has a word for keeps its key."""
    named: Counter[str] = Counter()
    for key, count in counted.items():
        named[name_of(key) or key] += count
    return named


ROUTES = (Route("/report", report, methods=["GET"]), Route("/report.xlsx", workbook, methods=["GET"]))
