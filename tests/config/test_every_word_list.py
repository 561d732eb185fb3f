"""Word lists are not for show: each is taken away, and a paper that it reads, or a mail that it decides, comes out
otherwise. Each probe is the smallest that was found; `words_seen.yaml` has them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.support.intake_mails import known_mail, letter
from tests.support.observing import shipped
from tests.support.papers import CENTRE, MFA, Sheet, card, company, passport_page, person
from tests.support.papers_layouts import SLIPS, bank_slip

from mailintake.model.facts import FileFacts, TextFacts, TextLine
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.stages.interpret import interpret
from mailintake.stages.understand import understand

SEEN = YAML(typ="safe").load(Path(__file__).with_name("words_seen.yaml"))
NOTHING = "\u2042"  # a sign that no paper and no mail has
DAY = date(2026, 11, 3)
Look = Callable[[RuleSet], str]
PRINTED = {  # papers whose words stand beside each other: which lists they are read by
    "passport": ("name_zh", "passport_no", "sex", "birth_date", "birth_place", "passport_issue_date", "expiry_date"),
    "card": ("card_no", "card_expiry", "passport_no", "name_pinyin", "birth_date", "nationality"),
    "slip": ("payer_bank", "payee_bank", "holder", "account", "bank", "payer_marks", "payee_marks"),
}
LISTS = sorted(
    {*SEEN["papers"], *SEEN["mails"], *(f"doc_{paper}_{field}" for paper, names in PRINTED.items() for field in names)}
)


def without(name: str) -> RuleSet:
    """The rules as delivered, but for the words of that list."""
    lists = shipped().rules.vocabulary.lists
    nothing = (NOTHING,) * len(lists[name])  # as many: of some lists each place is a sign of its own
    return replace(shipped().rules, vocabulary=Vocabulary({**lists, name: nothing}))


def paper(text: TextFacts) -> Look:
    """What is read out of that text."""
    return lambda rules: repr(interpret(FileFacts("0" * 64, 1, "pdf"), text, "1.pdf", rules))


def mail(subject: str, text: str, *files: str) -> Look:
    """What is understood of that mail."""
    return lambda rules: repr(understand(known_mail(letter(subject, text, files), rules)))


@cache
def sheets(name: str) -> tuple[Sheet, ...]:
    """Pages of that kind as they are printed."""
    match name:
        case "passport":
            page = passport_page(person(0))
            return page, Sheet(texts=[text for text in page.texts if not text.mono])  # and without its two lines
        case "card":
            return (card(person(0), "CHN12345678", date(2027, 3, 28)),)
        case _:
            return tuple(bank_slip(fee, 2, company(3), DAY, layout) for layout in SLIPS for fee in (MFA, CENTRE))


def looks(name: str) -> tuple[Look, ...]:
    """Papers or the mail in which the list is seen."""
    if name in SEEN["papers"]:
        return (paper(TextFacts(tuple(map(TextLine, SEEN["papers"][name].splitlines())))),)
    if name in SEEN["mails"]:
        return (mail(*SEEN["mails"][name]),)
    return tuple(paper(sheet.read("ocr", 0.98)) for sheet in sheets(name.split("_")[1]))


@pytest.mark.parametrize("name", LISTS)
def test_without_its_words_something_is_read_or_understood_otherwise(name: str) -> None:
    assert any(look(without(name)) != look(shipped().rules) for look in looks(name))
