"""Strangers choose their names, companies, subjects and file names."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from tests.support.letters import HOSTILE, SENDER, TODAY, card_lacking, message, rules, situations

from mailintake.letters.compose import compose
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.samples import HOSTILE as SCRIPT
from mailintake.letters.samples import views
from mailintake.letters.view import letter_view
from mailintake.model.case import Case
from mailintake.model.letter import INTERNAL, Addressee, LetterKind, ThreadingHeaders
from mailintake.model.message import Address, Attachment, CloudLink

KINDS = tuple(kind for kind in LetterKind if kind not in INTERNAL)


def poisoned(case: Case) -> Case:
    """The case with every text a stranger can choose."""
    people = tuple(replace(a, name=HOSTILE, name_pinyin=HOSTILE) for a in case.applicants)
    assert case.assessment is not None
    documents = tuple(
        replace(c, document=replace(c.document, name=HOSTILE, path=HOSTILE)) for c in case.assessment.documents
    )
    return replace(
        case, company=HOSTILE, applicants=people, assessment=replace(case.assessment, documents=documents), city=HOSTILE
    )


@pytest.fixture(params=situations())
def answered(request: pytest.FixtureRequest, renderer: Renderer) -> Rendered:
    """Every letter about a poisoned case, in answer to a poisoned mail."""
    order, case, _, today = situations()[request.param]
    locked = Attachment(HOSTILE, HOSTILE, "2", "x/y", 1, "0" * 64, problem="archive.encrypted")
    bad = message(
        subject=HOSTILE, sender=Address(HOSTILE, SENDER), new_text=HOSTILE, attachments=(locked,),
        cloud_links=(CloudLink(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    )  # fmt: skip
    cases = {one.number: poisoned(one) for one in (case, card_lacking()) if one}
    poisoned_order = replace(order, text=" ".join(HOSTILE.split()))
    view = letter_view(
        poisoned_order, cases, bad, rules(), today, addressee=Addressee(HOSTILE, city=HOSTILE), answer_by=TODAY
    )
    return renderer.letter(view)


def test_no_markup_of_theirs_reaches_a_browser(answered: Rendered) -> None:
    assert "<script" not in answered.html


def test_their_templates_are_not_evaluated(answered: Rendered) -> None:
    assert "49" not in answered.subject
    for line in answered.lines:
        if "7*7" in line.text:
            assert "{{ 7*7 }}" in line.text


def test_direction_marks_are_gone(answered: Rendered) -> None:
    assert "\u202e" not in answered.text + answered.html + answered.subject


def test_a_line_of_theirs_never_begins_a_line_of_ours(answered: Rendered) -> None:
    assert not any(line.text.startswith("Bcc:") for line in answered.lines)
    assert "\n" not in answered.subject


def test_headers_cannot_be_injected(answered: Rendered) -> None:
    raw = compose(
        replace(answered, subject=f"{answered.subject}\r\nBcc: b@example.com"),
        kind=LetterKind.CORRECTION,
        sender=Address("局\r\nBcc: c@example.com", "intake@example.com"),
        to=(f"{SENDER}\r\n",),
        cc=(),
        message_id="<mailintake.0.0@example.com>",
        threading=ThreadingHeaders("<a@b>\r\nBcc: d@example.com", ("<c@d>\r\nBcc: e@example.com",)),
        date=datetime(2026, 11, 23, tzinfo=UTC),
    )
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Bcc"] is None
    assert mail["To"] == SENDER
    assert [name for name, _ in mail.items()].count("Subject") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_templates_escape_whatever_the_view_holds(kind: LetterKind, renderer: Renderer) -> None:
    """Even a view that was not cleaned."""
    for view in views(kind):
        page = renderer.letter(view).html
        assert "<script>alert" not in page
        if SCRIPT in renderer.letter(view).text:
            assert "&lt;script&gt;" in page


def test_a_name_with_a_link_is_not_passed_on(view: Callable[..., object]) -> None:
    order, case, _, today = situations()["correction"]
    assert case is not None
    for name in ("中奖请看 http://example.net", "a@example.net", "www.example.net", "13912345678"):
        mail = message(sender=Address(name, SENDER))
        made = letter_view(order, {case.number: case}, mail, rules(), today, addressee=Addressee(name))
        assert made.to_name == ""
