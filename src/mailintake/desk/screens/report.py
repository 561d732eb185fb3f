"""月报: what came, how long it took, what was wrong most often, and where people and machine differed."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
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

Block = tuple[str, tuple[tuple[str, object], ...]]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TOP = 10
# Acts by which a person says that the machine was wrong.
_CORRECTING = frozenset(
    {"set_kind", "set_owner", "rule", "dismiss_flag", "set_procedure", "set_company", "set_city", "split", "merge"}
    | {"link", "unlink", "open_case", "is_spam", "not_spam", "put_back"}
)


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
        for title, rows in blocks(desk, first):
            sheet = book.add_worksheet(title[:31])
            sheet.set_column(0, 0, 40)
            for place, (name, figure) in enumerate(rows):
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
    return (
        (
            say("report", "volume"),
            (
                (say("report", "mails"), month.mails),
                (say("report", "cases"), procedures.total()),
                (say("report", "letters"), month.letters),
                (say("report", "right"), f"{right} / {answered}"),
                (say("report", "days"), f"{median(month.answered_after):.1f}" if month.answered_after else ""),
                (say("report", "late"), sum(one.told_late for one in opened)),
                (say("report", "corrections"), sum(count for act, count in acts.items() if act in _CORRECTING)),
            ),
        ),
        (say("report", "procedures"), _ranked(procedures, words.procedures)),
        (say("report", "findings"), _findings(desk, findings)),
        (say("report", "parked"), _ranked(Counter(month.parked), words.classes)),
        (say("report", "acts"), tuple((act_title(act), count) for act, count in acts.items())),
    )


def _findings(desk: Desk, counted: Counter[str]) -> tuple[tuple[str, object], ...]:
    """The most frequent by name; codes of one name, and those without one, count together."""
    other = desk.offers.sentence("skipped", "other")
    named: Counter[str] = Counter()
    for code, count in counted.items():
        named[word_of(desk.words, code) or other] += count
    return tuple(named.most_common(_TOP))


def _ranked(counted: Counter[str], words: Mapping[str, str]) -> tuple[tuple[str, object], ...]:
    return tuple((words.get(key, key), count) for key, count in counted.most_common())


ROUTES = (Route("/report", report, methods=["GET"]), Route("/report.xlsx", workbook, methods=["GET"]))
