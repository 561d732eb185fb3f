"""The one place where what a mail says of its matter is weighed against the sentences that letters say by themselves.

| the mail says | standing sentences it stands against | what becomes of them |
|---|---|---|
| papers are handed in already | 纸质件：…, 纸质件交… | the papers named are no longer listed, but confirmed as said |
| papers will come on a day | 纸质件请贵办报送 | said to be expected |
| money of an earlier card was paid | 已经汇过的不用再汇 | answered: each application is paid for (2.1③④) |
| electronic papers only | 纸质件：… | answered: paper is wanted, too (1.1(1), 2.1①) |
| the company is on record | 企业已备案、仍在原单位的 … | the short list without its condition (guide 2.1①) |
| the old card is given up | 把卡的两面扫描或拍照发来 | its number will do, a person looks |
| the loss is reported, the paper on its way | 到公安部门办理挂失后 | to be sent when it comes |
| a seal, a paper, a person cannot be had | 怎么补 | it may come later, or a person answers their words |

Haste is weighed by the stages: it decides whether a person hears of a chase (`stages/decide/progress`).
"""

import re
from dataclasses import replace

from mailintake.letters.masking import mask_text
from mailintake.model.case import Case
from mailintake.model.letter import MatterView, Paper
from mailintake.model.told import Statement, Told, unmet

_AT_ONCE = frozenset({Told.PAID_ANOTHER_TIME, Told.REGISTERED, Told.CARD_GIVEN_UP, Told.LOSS_REPORTED}) | {
    Told.TO_COME,
    Told.ONLY_ELECTRONIC,
}
_PLAIN = re.compile(r"[^\u3400-\u9fff\u3001,()]|\d{4,}")  # what is never quoted: numbers, addresses, Latin text
_LONGEST = 30  # characters of a quotation


def weighed(matter: MatterView, case: Case) -> MatterView:
    """The matter without what its mails have answered already, and with what that leads to."""
    said = {told: [one for one in case.told if one.told is told] for told in Told}
    handed_in = _handed_in(matter.paper, said[Told.HANDED_IN])
    asked = {item.kind: item.tolerable for item in matter.todo}
    obstacles = tuple(words for one in unmet(case.told, asked) if (words := quotable(one.text)))
    heard = {told.value for told in _AT_ONCE if said[told]} | ({Told.HANDED_IN.value} if handed_in else set())
    return replace(
        matter,
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


def quotable(text: str) -> str:
    """Their own words as a letter may repeat them: Chinese text alone, short; empty where more stands in it."""
    words = mask_text(text).strip(" ,?")
    return "" if _PLAIN.search(words) or not words else words[:_LONGEST].replace(",", "\uff0c")
