"""The one place where what a mail says of its matter is weighed against the sentences that letters say by themselves.

| the mail says | standing sentences it stands against | what becomes of them |
|---|---|---|
| papers are handed in already | 纸质件：…, 纸质件交… | the papers named are no longer listed, but confirmed as said |
| papers will come on a day | 纸质件请贵办报送 | said to be expected |
| money of an earlier card was paid | 已经汇过的不用再汇 | answered: each application is paid for (2.1③④) |
| slips went to finance | …的另发财务邮箱 | left out |
| (the card is over, or was another firm's) | 原卡…可以照常使用 | left out |
| papers go to the hall of the province | 纸质件交××市外办 | with its reason (guide 1.2①) |
| how long a passport is valid | 护照有效期不少于… | that its day is enough |
| another passport number than the passport's | 没有发现缺项 | told, with what counts |
| electronic papers only | 纸质件：… | answered: paper is wanted, too (1.1(1), 2.1①) |
| the company is on record | 企业已备案、仍在原单位的 … | the short list without its condition (guide 2.1①) |
| the old card is given up | 把卡的两面扫描或拍照发来 | its number will do, a person looks |
| the card is gone, told later | 把卡的两面扫描或拍照发来, 原卡…可以照常使用 | what a lost card needs (guide 3.1②) |
| a card is to be cancelled, too | (nothing) | its own matter, with what it needs (guide 5) |
| the loss is reported, the paper on its way | 到公安部门办理挂失后 | to be sent when it comes |
| a seal, a paper, a person cannot be had | 怎么补 | it may come later, or a person answers their words |

Haste is weighed by the stages: it decides whether a person hears of a chase (`stages/decide/progress`).
"""

import re
from dataclasses import replace
from datetime import date

from mailintake.letters.masking import mask_text
from mailintake.model.case import Case
from mailintake.model.document import Outcome
from mailintake.model.facts import OVER
from mailintake.model.letter import MatterView, Paper
from mailintake.model.rules import RuleSet
from mailintake.model.told import Statement, Told, is_news, unmet

_AT_ONCE = frozenset(Told) - {Told.HANDED_IN, Told.HURRY, Told.OBSTACLE}  # whatever else the matter holds
_CARD, _PASSPORT, _UNTIL = "card", "passport", "expiry_date"  # subjects of kinds, and the field
_CARD_EXPIRED = "card.expired"
# What is never quoted: long numbers and words, addresses, links, marks of any code.
_SUM = re.compile(r"(?<!\d)\d{4}(?!\d|\u5143)")
_LEFT_OUT = "\u2026"
_PLAIN = re.compile(
    r"[^\u2026\u3400-\u9fff\u3001\u201c\u201d,()a-zA-Z0-9 %'\u2019-]|\d{5,}|\d{4}(?!\u5143)|[a-zA-Z]{16,}"
)
_LEAD_IN = re.compile(  # a number of a list, "may I ask", "besides"
    r"^(?:\(?\d{1,2}[.\u3001)]\s*)?(?:\u8bf7\u95ee|\u60f3\u95ee|\u53e6\u5916|\u8fd8\u6709|(?:and|also|besides)\b)?[,:]?\s*",
    re.I,
)
_ON_LIST = ("profile.headcount",)
_IN_MAIL = re.compile(r"passport_no: mail \S+ / mrz ")  # a conflict between what is written and what is printed
_LONGEST, _LONGEST_LATIN = 30, 90  # characters of a quotation


def weighed(matter: MatterView, case: Case, rules: RuleSet) -> MatterView:
    """The matter without what its mails have answered already, and with what that leads to."""
    said = {told: [one for one in case.told if one.told is told] for told in Told}
    handed_in = _handed_in(matter.paper, said[Told.HANDED_IN])
    asked = {item.kind: item.tolerable for item in matter.todo}
    obstacles = tuple(words for one in unmet(case.told, asked) if (words := quotable(one.text)))
    heard = {told.value for told in _AT_ONCE if said[told] and is_news(told, case.procedure, case.variant)}
    heard |= {Told.HANDED_IN.value} if handed_in else set()
    expired = _expired(case)
    over = expired is None and _said_to_be_over(case)
    return replace(
        matter,
        fees=tuple(replace(line, slip_to_finance=True) for line in matter.fees)
        if said[Told.TO_FINANCE]
        else matter.fees,
        card_expired=expired,
        card_over=over,
        card_seen=any(d.kind and rules.kinds[d.kind].subject == _CARD for d in case.documents),
        came=_came(case, rules) if _only_flagged(case) and matter.case.people else (),
        number_differs=any(_IN_MAIL.match(text) for person in case.applicants for text in person.conflicts),
        passports_until=_passports_until(case, rules),
        old_card_usable=matter.old_card_usable
        and expired is None
        and not over
        and not matter.case.staff_first
        and Told.CARD_LOST.value not in heard,
        heard=frozenset(heard),
        handed_in=handed_in,
        paper=tuple(one for one in matter.paper if one not in handed_in),
        obstacles=tuple(dict.fromkeys(obstacles)),
    )


def _handed_in(paper: tuple[Paper, ...], said: list[Statement]) -> tuple[Paper, ...]:
    """The papers of the window that are said to be there: those named; all where only papers are spoken of."""
    listed = {one.kind for one in paper}
    named = {kind for one in said for kind in one.kinds} & listed
    whole = any(not one.kinds for one in said)
    return tuple(one for one in paper if one.kind in named or (whole and not named))


def _expired(case: Case) -> date | None:
    """The last day of a card that is over: no sentence may say that it can be used."""
    findings = case.assessment.case_findings if case.assessment else ()
    found = [f.measured.get("card_expiry") for f in findings if f.code == _CARD_EXPIRED]
    return min((date.fromisoformat(str(day)) for day in found), default=None)


def _said_to_be_over(case: Case) -> bool:
    """Does the sender tell, without the day, that a card has ended?"""
    fields = (*case.fields, *(field for person in case.applicants for field in person.fields))
    dated = all(person.card_expiry for person in case.applicants)
    return not dated and any(field.name == OVER for field in fields)


def _passports_until(case: Case, rules: RuleSet) -> date | None:
    """The first last day of its people's passports, where all are known and each is valid for long enough."""
    days: dict[str | None, date] = {}
    for one in case.assessment.documents if case.assessment else ():
        kind = rules.kinds.get(one.document.kind or "")
        day = one.document.reading.get(_UNTIL) if kind is not None and kind.subject == _PASSPORT else None
        if day and one.outcome is Outcome.OK and not one.superseded:
            days[one.document.applicant] = date.fromisoformat(day)
    everybody = bool(days) and {person.key for person in case.applicants} <= days.keys()
    return min(days.values()) if everybody else None


def _only_flagged(case: Case) -> bool:
    """Does a person look only at whether the guide excludes it? Then person and matter are sure."""
    reasons = case.assessment.reasons if case.assessment else ()
    return case.sure and bool(reasons) and all(code.startswith("prohibited.") or code in _ON_LIST for code in reasons)


def _came(case: Case, rules: RuleSet) -> tuple[str, ...]:
    """The titles of what came, each once."""
    kinds = (document.kind for document in case.documents if document.kind is not None)
    return tuple(dict.fromkeys(rules.kinds[kind].title for kind in kinds))


def quotable(text: str) -> str:
    """Their own words as a letter may repeat them: plain and short; empty where more stands in it."""
    words = _LEAD_IN.sub("", _SUM.sub(_LEFT_OUT, mask_text(text))).strip(" ,?")
    if not words or _PLAIN.search(words):
        return ""
    if words.isascii():
        return words if len(words) <= _LONGEST_LATIN else f"{words[:_LONGEST_LATIN].rpartition(' ')[0]} ..."
    return words[:_LONGEST].replace(",", "\uff0c").replace("\u201c", "\u300c").replace("\u201d", "\u300d")
