"""Which letter goes out: the table of the design, for every procedure that has one."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from tests.support.judgement import (
    COMPANY,
    HE,
    RULES,
    SENDER,
    case_of,
    full_papers,
    intent,
    mail,
    numbers,
    of_size,
    paper,
    said,
    situation,
    understood,
    with_reading,
    wrong,
)

from mailintake.model.case import Applicant, State
from mailintake.model.document import Document
from mailintake.model.letter import LetterKind, LetterPolicy
from mailintake.model.message import Address, Attachment, CloudLink, InboundMessage
from mailintake.model.procedure import ProcedureKey as P
from mailintake.model.understanding import Decision, Disposition, Link, LinkedBy, People
from mailintake.stages.decide.decide import decide
from mailintake.stages.decide.letter import recipients

L = LetterKind
POLICY = LetterPolicy()


def sent(
    procedure: P,
    variant: str,
    documents: Iterable[Document],
    *,
    people: tuple[Applicant, ...] = (HE,),
    message: InboundMessage | None = None,
    **more: Any,
) -> Decision:
    """What a first mail with these papers gets."""
    message = message or mail()
    who = People(people, tuple(documents), COMPANY, fields=(said("reason", "急需出国"),))
    what = understood(message, intent(procedure, variant), people=who, **more)
    return decide(situation(message, what), numbers())


def papers(procedure: P, variant: str, *, without: Iterable[str] = (), faulty: Iterable[str] = ()) -> list[Document]:
    made = full_papers((HE,), RULES.procedure(procedure).variant(variant).email)
    gone, broken = set(without), set(faulty)
    return [wrong(d) if d.kind in broken else d for d in made if d.kind not in gone]


def letters(decision: Decision) -> list[LetterKind]:
    return [order.letter for order in decision.letters]


SLIPS = ("remittance_mfa", "remittance_centre")
TABLE = [
    (P.NEW, "first_time", (), (), L.ACKNOWLEDGEMENT),
    (P.NEW, "first_time", ("photo",), (), L.TOLERATED),
    (P.NEW, "first_time", (), ("signature",), L.TOLERATED),
    (P.NEW, "first_time", ("photo", "remittance_mfa"), (), L.TOLERATED),
    (P.NEW, "first_time", ("photo", "signature", "passport_page", "abtc_basic_data", *SLIPS), (), L.TOLERATED),
    (P.NEW, "first_time", SLIPS, (), L.PAYMENT_REMINDER),
    (P.NEW, "first_time", ("remittance_centre",), (), L.PAYMENT_REMINDER),
    (P.NEW, "first_time", ("company_profile",), (), L.CORRECTION),
    (P.NEW, "first_time", ("company_profile", "photo", *SLIPS), (), L.CORRECTION),
    (P.NEW, "first_time", ("photo",), ("company_profile",), L.CORRECTION),
    (P.NEW, "again_same_company", ("signature",), (), L.TOLERATED),
    (P.REPLACE, "new_passport", (), (), L.ACKNOWLEDGEMENT),
    (P.REPLACE, "new_passport", SLIPS, (), L.PAYMENT_REMINDER),
    (P.REPLACE, "new_passport", ("old_passport_page",), (), L.CORRECTION),
    (P.REPLACE, "damaged", ("card_both_sides", *SLIPS), (), L.CORRECTION),
    (P.PASSPORT_CHANGE, "only", (), (), L.ACKNOWLEDGEMENT),
    (P.PASSPORT_CHANGE, "only", ("passport_change_request",), (), L.CORRECTION),
    (P.EARLY_ISSUE, "only", (), (), L.ACKNOWLEDGEMENT),
    (P.EARLY_ISSUE, "only", ("early_issue_request",), (), L.CORRECTION),
    (P.CANCEL, "only", (), (), L.CORRECTION),  # number and last day of the card are not said
]


@pytest.mark.parametrize(("procedure", "variant", "without", "faulty", "letter"), TABLE)
def test_the_letter_follows_from_what_is_lacking_and_wrong(
    procedure: P, variant: str, without: tuple[str, ...], faulty: tuple[str, ...], letter: LetterKind
) -> None:
    decision = sent(procedure, variant, papers(procedure, variant, without=without, faulty=faulty))
    assert letters(decision) == [letter]
    assert decision.letters[0].to == (SENDER.addr,)
    assert decision.letters[0].case == decision.opened[0]
    assert decision.disposition is Disposition.CASE_OPENED


TOLERABLE = ("photo", "signature", "passport_page", "abtc_basic_data", *SLIPS)


@pytest.mark.parametrize("gone", list(product([True, False], repeat=6)))
def test_every_set_of_tolerable_gaps_of_a_new_application_is_tolerated(gone: tuple[bool, ...]) -> None:
    without = [kind for kind, absent in zip(TOLERABLE, gone, strict=True) if absent]
    expected = L.TOLERATED
    if set(without) <= set(SLIPS):
        expected = L.PAYMENT_REMINDER if without else L.ACKNOWLEDGEMENT
    assert letters(sent(P.NEW, "first_time", papers(P.NEW, "first_time", without=without))) == [expected]


def test_an_old_certificate_that_was_scanned_is_told_although_paper_is_due_at_the_window() -> None:
    old = with_reading(paper("no_criminal_record", HE), "issue_date", "2026-01-05")
    assert letters(sent(P.NEW, "first_time", [*papers(P.NEW, "first_time"), old])) == [L.CORRECTION]


def test_a_photo_of_the_right_ratio_needs_no_letter_about_it() -> None:
    made = [of_size(d, 450, 600) if d.kind == "photo" else d for d in papers(P.NEW, "first_time")]
    assert letters(sent(P.NEW, "first_time", made)) == [L.ACKNOWLEDGEMENT]


def test_a_doubtful_procedure_opens_a_case_for_staff_and_says_nothing_yet() -> None:
    decision = sent(P.NEW, "first_time", papers(P.NEW, "first_time"), sure=False, conflict="small_margin")
    assert letters(decision) == [L.TO_STAFF]
    assert decision.cases[0].state is State.NEEDS_TRIAGE
    assert "procedure.conflict" in {n.code for n in decision.notices}


def test_passport_or_card_is_explained_where_that_is_the_doubt() -> None:
    decision = sent(
        P.REPLACE, "new_passport", papers(P.REPLACE, "new_passport"), sure=False, conflict="passport_or_card"
    )
    assert letters(decision) == [L.CARD_OR_PASSPORT]


def test_a_foreign_account_gets_the_letter_that_says_nothing() -> None:
    made = [d for d in papers(P.NEW, "first_time") if d.kind != "remittance_mfa"]
    made.append(with_reading(paper("remittance_mfa"), "payee_account", "6222020200112233445"))
    decision = sent(P.NEW, "first_time", made)
    assert letters(decision) == [L.TO_STAFF]
    assert "account.foreign" in {n.code for n in decision.notices}


def archive(problem: str) -> tuple[InboundMessage, Document]:
    attachment = Attachment("材料.rar", "材料.rar", "2", "application/x-rar", 9, "e" * 64, problem=problem)
    document = replace(paper("photo", HE), path="材料.rar", kind=None, applicant=None, problem=problem)
    return mail(attachments=(attachment,)), document


@pytest.mark.parametrize("problem", ["archive.encrypted", "archive.unreadable", "attachment.unreadable"])
def test_a_mail_of_which_nothing_could_be_opened_is_asked_for_again(problem: str) -> None:
    message, document = archive(problem)
    decision = sent(P.NEW, "first_time", [document], message=message)
    assert letters(decision) == [L.UNREADABLE]
    assert "attachment.problem" in {n.code for n in decision.notices}


def test_what_may_lie_in_a_bad_archive_is_not_demanded_though_good_files_came_beside_it() -> None:
    message, document = archive("archive.encrypted")
    good = Attachment("照片.jpg", "照片.jpg", "3", "image/jpeg", 9, "d" * 64)
    message = replace(message, attachments=(*message.attachments, good))
    assert letters(sent(P.NEW, "first_time", [document, paper("photo", HE)], message=message)) == [L.UNREADABLE]


def test_files_behind_a_link_only_are_asked_for_as_attachments() -> None:
    message = mail(cloud_links=(CloudLink("材料.zip", "30M", "", "mail.163.com"),))
    decision = sent(P.NEW, "first_time", [], message=message)
    assert letters(decision) == [L.UNREADABLE]
    assert "cloud_link.not_attached" in {n.code for n in decision.notices}


def test_an_extra_file_that_could_not_be_opened_does_not_stop_a_complete_case() -> None:
    message, document = archive("attachment.unsafe")
    made = [*papers(P.NEW, "first_time"), document]
    assert letters(sent(P.NEW, "first_time", made, message=message)) == [L.ACKNOWLEDGEMENT]


OTHER = Address("某人", "else@elsewhere.example")
COLLEAGUE = Address("同事", "second@qingchuan.example")


@pytest.mark.parametrize(
    ("reply_to", "to"),
    [((), SENDER.addr), ((OTHER,), SENDER.addr), ((COLLEAGUE,), COLLEAGUE.addr), ((OTHER, COLLEAGUE), COLLEAGUE.addr)],
)
def test_a_letter_goes_to_the_sender_and_never_to_a_strange_reply_address(
    reply_to: tuple[Address, ...], to: str
) -> None:
    assert recipients(mail(reply_to=reply_to), Link(LinkedBy.NEW), RULES) == (to,)


def test_at_a_public_provider_the_same_domain_means_nothing() -> None:
    message = mail(sender=Address("", "one@163.com"), reply_to=(Address("", "two@163.com"),))
    assert recipients(message, Link(LinkedBy.NEW), RULES) == ("one@163.com",)


def test_a_reply_address_that_speaks_for_the_case_is_used() -> None:
    case = case_of(P.NEW)
    known = replace(case.participants[0], addr=OTHER.addr)
    link = Link(LinkedBy.TOKEN, replace(case, participants=(*case.participants, known)), verified=True)
    assert recipients(mail(reply_to=(OTHER,)), link, RULES) == (OTHER.addr,)


def test_we_never_write_to_ourselves_or_to_nobody() -> None:
    assert recipients(mail(sender=None), Link(LinkedBy.NEW), RULES) == ()
    own = Address("", RULES.office.intake_address)
    assert recipients(mail(sender=own), Link(LinkedBy.NEW), RULES) == ()
    decision = sent(P.NEW, "first_time", papers(P.NEW, "first_time"), message=mail(sender=None))
    assert decision.letters == ()
    assert decision.opened
