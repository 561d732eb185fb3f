"""Codes and Python values are not what a clerk reads."""

import re

from tests.support.letters import case, checked, rules

from mailintake.app.explain_case import CaseExplainer
from mailintake.app.terms import measured, term
from mailintake.checks.frame import registry
from mailintake.cli.words import say
from mailintake.config import resource_folders
from mailintake.letters.render import Renderer
from mailintake.model.assessment import Assessment, CheckedDocument, Finding, Flag, Verdict
from mailintake.model.claim import Source
from mailintake.model.document import Outcome
from mailintake.model.procedure import Severity

HAN = re.compile(r"[\u3400-\u9fff]")


def test_every_check_and_every_source_has_a_name() -> None:
    for name in registry():
        assert HAN.search(term("check", name)), name
    for source in Source:
        assert HAN.search(term("source", source.value)), source


def test_values_are_words() -> None:
    renderer = Renderer(*resource_folders("templates", None))
    told = measured({"fields": ["name_pinyin"], "values": {"name_pinyin": ["FAN", "范思齐"]}, "sent": True}, renderer)
    assert "姓名拼音" in told
    assert "FAN、范思齐" in told
    assert "是" in told
    assert not re.search(r"[\[\]{}'=]|name_pinyin|True", told)


def test_a_case_is_shown_without_codes_and_python_values() -> None:
    doubt = Finding("passport.mismatch", {"fields": ["name_pinyin"]}, {}, Severity.WARN, "name_matches", "1.1")
    made = CheckedDocument(
        checked("passport_page", "护照.jpg", "a1").document,
        Outcome.NOT_OK,
        (doubt,),
        not_checked=("page_shape: unsure",),
    )
    flagged = case(
        assessment=Assessment(Verdict.FOR_STAFF, (made,), flags=(Flag("passport.mismatch", "name_pinyin=A/B", "a1"),))
    )
    renderer = Renderer(*resource_folders("templates", None))
    cells = [cell for row in CaseExplainer(rules(), renderer, say).rows(flagged) for cell in row]
    shown = " ".join(cell for cell in cells if not cell.startswith("config/"))
    assert not re.search(r"\b[a-z]+[._][a-z_]+\b(?!\.jpg)|\[\'|\{\'", shown), shown
