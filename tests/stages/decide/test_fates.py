"""What becomes of a mail: parked, answered, for staff, in a case, or a duplicate."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.judgement import (
    COMPANY,
    HE,
    JI,
    MONDAY,
    RULES,
    SENDER,
    case_of,
    full_papers,
    intent,
    mail,
    nobody_known,
    numbers,
    of_size,
    paper,
    said,
    situation,
    understood,
    verified,
)

from mailintake.model.case import Case, DeadlineKind, State
from mailintake.model.document import Document
from mailintake.model.letter import LetterKind
from mailintake.model.message import Address, AuthenticationResult, InboundMessage
from mailintake.model.procedure import ProcedureKey
from mailintake.model.question import QuestionKind
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import (
    Candidates,
    Decision,
    Disposition,
    Guess,
    Intent,
    Link,
    LinkedBy,
    People,
    Sent,
)
from mailintake.model.zone import local_day
from mailintake.stages.assess.assess import assess
from mailintake.stages.deadline import on_sent, running
from mailintake.stages.decide.decide import decide

P, L, M, Q = ProcedureKey, LetterKind, MessageClass, QuestionKind
STRANGER = Address("王先生", "wang@qq.com")
LATER = MONDAY + timedelta(days=2)


def fate(
    *intents: Intent,
    message: InboundMessage | None = None,
    people: People | None = None,
    candidates: Candidates | None = None,
    **more: Any,
) -> Decision:
    message = message or mail()
    what = understood(message, *intents, people=people, **more)
    now = LATER if message.sha256 != "m1" else MONDAY
    return decide(situation(message, what, candidates or nobody_known(), now), numbers())


def letters(decision: Decision) -> list[LetterKind]:
    return [order.letter for order in decision.letters]


def notices(decision: Decision) -> set[str]:
    return {notice.code for notice in decision.notices}


def lacking_signature(state: State = State.AWAITING_CORRECTION) -> Case:
    made = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
    case = case_of(P.NEW, documents=tuple(d for d in made if d.kind != "signature"), state=state)
    return replace(case, assessment=assess(case, RULES, local_day(MONDAY)))


def brings(*documents: Document) -> People:
    return People((HE,), documents, COMPANY)


def second(**fields: Any) -> InboundMessage:
    return mail("m2", **fields)


def signature() -> Document:
    return paper("signature", HE, mail="m2", at=LATER)


@pytest.mark.parametrize(
    "kind", [M.AUTO_REPLY, M.BOUNCE, M.SPAM, M.OWN, M.FINANCE, M.CALENDAR, M.READ_RECEIPT, M.RECALL_NOTICE, M.THANKS]
)
def test_mail_that_asks_for_nothing_is_parked_and_never_answered(kind: MessageClass) -> None:
    decision = fate(kind=kind, link=verified(lacking_signature()))
    assert decision.disposition is Disposition.PARKED
    assert decision.letters == ()
    assert decision.cases == ()


def test_slips_that_the_finance_office_hands_on_reach_staff_and_get_no_letter() -> None:
    decision = fate(kind=M.FINANCE, people=brings(paper("remittance_mfa")))
    assert (decision.disposition, letters(decision)) == (Disposition.FOR_STAFF, [])
    assert notices(decision) == {"finance.slips"}


def test_what_screening_parked_stays_parked_whatever_it_seems_to_ask() -> None:
    assert fate(intent(P.NEW), parked=True, people=brings(paper("photo", HE))).disposition is Disposition.PARKED


def test_a_bounce_of_our_letter_is_shown_at_its_case() -> None:
    known = Candidates(by_token=(Sent("<x@y>", "LN-2026-000001-1", (SENDER.addr,)),))
    decision = fate(kind=M.BOUNCE, candidates=known)
    assert [(n.code, n.case) for n in decision.notices] == [("letter.bounced", "LN-2026-000001-1")]


def test_a_bounce_that_quotes_the_title_of_a_letter_reaches_staff_though_nobody_knows_which() -> None:
    back = replace(mail(), new_text="退信：主题【补正告知】，收件人不存在", failed_recipients=("yue@lost.example",))
    found = fate(kind=M.BOUNCE, message=back).notices
    assert [(n.code, n.case, n.text) for n in found] == [("letter.bounced", "", "yue@lost.example")]
    other = replace(back, new_text="退信：主题【团购】，收件人不存在")
    assert fate(kind=M.BOUNCE, message=other).notices == ()


def test_an_enquiry_gets_the_sheets_it_asks_for() -> None:
    decision = fate(intent(P.RENEW), intent(P.CANCEL), kind=M.ENQUIRY)
    assert decision.disposition is Disposition.ANSWERED
    assert letters(decision) == [L.PROCEDURE_SHEET]
    assert decision.letters[0].procedures == (P.RENEW, P.CANCEL)
    assert decision.letters[0].case == ""


def test_a_question_of_somebody_with_a_case_goes_to_a_person() -> None:
    decision = fate(kind=M.ENQUIRY, link=verified(lacking_signature()))
    assert letters(decision) == [L.TO_STAFF]
    assert notices(decision) == {"message.question"}
    other = fate(intent(P.CANCEL), kind=M.ENQUIRY, link=verified(lacking_signature()))
    assert letters(other) == [L.PROCEDURE_SHEET]


def test_a_chase_hears_how_its_matter_stands_and_staff_see_that_somebody_asks() -> None:
    case = lacking_signature()
    decision = fate(kind=M.CHASE, link=verified(case))
    assert decision.disposition is Disposition.ANSWERED
    assert [(o.letter, o.case) for o in decision.letters] == [(L.PROGRESS, case.number)]
    assert decision.cases == (case,)  # only remembers the letter
    assert [(n.code, n.case) for n in decision.notices] == [("message.chase", case.number)]


def test_a_chase_of_a_stranger_learns_that_the_mail_arrived() -> None:
    case = lacking_signature()
    for link in (Link(LinkedBy.NONE), Link(LinkedBy.TOKEN, case), Link(LinkedBy.GUESS, guesses=guessed(case))):
        decision = fate(message=second(sender=STRANGER), kind=M.CHASE, link=link)
        assert [(o.letter, o.case) for o in decision.letters] == [(L.RECEIVED, "")]
        assert notices(decision) >= {"message.chase"}


def test_a_chase_of_somebody_with_several_matters_hears_of_each_that_may_be_meant() -> None:
    mine = tuple(replace(lacking_signature(), number=f"LN-2026-00000{n}-1") for n in range(1, 4))
    other = replace(lacking_signature(), number="LN-2026-000009-1")
    link = Link(LinkedBy.GUESS, verified=True, guesses=guessed(*mine))
    decision = fate(kind=M.CHASE, link=link, candidates=Candidates(by_sender=mine))
    assert [(o.letter, o.case, o.related) for o in decision.letters] == [
        (L.PROGRESS, mine[0].number, (mine[1].number, mine[2].number))
    ]
    beside = replace(link, guesses=guessed(*mine, other))
    assert letters(fate(kind=M.CHASE, link=beside, candidates=Candidates(by_sender=mine))) == [L.RECEIVED]


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN, State.CANCELLED])
def test_how_a_matter_ended_is_for_a_person_to_say(state: State) -> None:
    decision = fate(kind=M.CHASE, link=verified(lacking_signature(state)))
    assert letters(decision) == [L.TO_STAFF]


def test_what_still_lacks_in_a_matter_of_ones_own_is_told_from_the_record() -> None:
    link = verified(lacking_signature())
    for asked in ((Q.PAPERS,), (Q.HOW_LONG,), (Q.PROGRESS, Q.PAPERS)):
        assert letters(fate(kind=M.ENQUIRY, link=link, questions=asked)) == [L.PROGRESS]
    general = fate(kind=M.ENQUIRY, link=link, questions=(Q.INVOICE,))
    assert [(o.letter, o.questions) for o in general.letters] == [(L.PROCEDURE_SHEET, (Q.INVOICE,))]
    assert notices(general) == {"message.question"}


def guessed(*cases: Case) -> tuple[Guess, ...]:
    return tuple(Guess(case.number, 1.0, "sender") for case in cases)


@pytest.mark.parametrize("kind", [M.SUPPLEMENT, M.CORRECTION, M.PAYMENT_SLIP])
def test_what_a_stranger_brings_by_the_number_is_kept_unconfirmed_and_told_to_whom_the_case_knows(
    kind: MessageClass,
) -> None:
    case = lacking_signature()
    link = Link(LinkedBy.GUESS, None, guesses=(Guess(case.number, 0.9, "number"),))
    decision = fate(
        message=second(sender=STRANGER),
        kind=kind,
        link=link,
        people=brings(signature()),
        candidates=Candidates(by_number=(case,)),
    )
    (changed,) = decision.cases
    assert [d.is_unconfirmed for d in changed.documents] == [False] * len(case.documents) + [True]
    assert changed.participants == case.participants
    known = tuple(p.addr for p in case.participants)
    assert [(o.letter, o.to, o.case) for o in decision.letters] == [
        (L.RECEIVED, (STRANGER.addr,), ""),
        (L.ACKNOWLEDGEMENT, known, case.number),
    ]
    assert "sender.unverified" in notices(decision)


@pytest.mark.parametrize("kind", [M.ENQUIRY, M.WITHDRAWAL])
@pytest.mark.parametrize("by", [LinkedBy.TOKEN, LinkedBy.GUESS])
def test_a_stranger_who_asks_with_token_or_number_learns_that_the_mail_arrived_and_changes_nothing(
    kind: MessageClass, by: LinkedBy
) -> None:
    case = lacking_signature()
    link = Link(by, case if by is LinkedBy.TOKEN else None, guesses=(Guess(case.number, 0.9, "number"),))
    message = second(sender=STRANGER)
    decision = fate(
        message=message, kind=kind, link=link, people=brings(signature()), candidates=Candidates(by_number=(case,))
    )
    assert decision.disposition is Disposition.FOR_STAFF
    assert decision.cases == ()
    assert [(o.letter, o.to, o.case, o.related) for o in decision.letters] == [(L.RECEIVED, (STRANGER.addr,), "", ())]
    assert "sender.unverified" in notices(decision)


def test_somebody_known_with_several_cases_that_fit_goes_to_a_person() -> None:
    case = lacking_signature()
    link = Link(LinkedBy.GUESS, None, verified=True, guesses=(Guess(case.number, 1.0, "sender"),))
    decision = fate(message=second(), kind=M.SUPPLEMENT, link=link, people=brings(signature()))
    assert decision.cases == ()
    assert letters(decision) == [L.TO_STAFF]
    assert [n.code for n in decision.notices] == ["link.ambiguous"]
    assert case.number in decision.notices[0].text


def test_the_missing_paper_completes_the_case() -> None:
    case = on_sent(lacking_signature(), L.TOLERATED, MONDAY, RULES)
    decision = fate(message=second(), kind=M.SUPPLEMENT, link=verified(case), people=brings(signature()))
    assert decision.disposition is Disposition.CASE_EXTENDED
    assert decision.opened == ()
    changed = decision.cases[0]
    assert changed.state is State.COMPLETE
    assert changed.messages == ("m1", "m2")
    assert running(changed, DeadlineKind.CORRECTION) is None
    assert running(changed, DeadlineKind.TIME_LIMIT) is not None
    assert letters(decision) == [L.ACKNOWLEDGEMENT]


def test_a_supplement_that_is_wrong_again_is_told_again() -> None:
    small = of_size(signature(), 100, 100)
    decision = fate(message=second(), kind=M.SUPPLEMENT, link=verified(lacking_signature()), people=brings(small))
    assert decision.cases[0].state is State.AWAITING_CORRECTION
    assert letters(decision) == [L.TOLERATED]


def test_a_late_supplement_that_is_not_enough_starts_a_new_period_with_its_letter() -> None:
    case = on_sent(lacking_signature(), L.TOLERATED, MONDAY - timedelta(days=40), RULES)
    overdue = replace(case, state=State.CORRECTION_OVERDUE)
    small = of_size(signature(), 100, 100)
    changed = fate(message=second(), kind=M.SUPPLEMENT, link=verified(overdue), people=brings(small)).cases[0]
    assert changed.state is State.AWAITING_CORRECTION
    assert running(changed, DeadlineKind.CORRECTION) is None
    period = running(on_sent(changed, L.TOLERATED, LATER, RULES), DeadlineKind.CORRECTION)
    assert period is not None
    assert period.since == local_day(LATER)


def test_a_colleague_who_is_verified_joins_and_a_stranger_never_does() -> None:
    colleague = Address("同事", "second@qingchuan.example")
    decision = fate(
        message=second(sender=colleague),
        kind=M.SUPPLEMENT,
        link=verified(lacking_signature()),
        people=brings(signature()),
    )
    assert [p.addr for p in decision.cases[0].participants] == [SENDER.addr, colleague.addr]


@pytest.mark.parametrize("state", [State.ACCEPTED, State.AT_MFA, State.CARD_MADE])
def test_a_mail_never_changes_a_state_that_staff_set(state: State) -> None:
    decision = fate(
        message=second(), kind=M.SUPPLEMENT, link=verified(lacking_signature(state)), people=brings(signature())
    )
    assert decision.cases[0].state is state


def test_the_same_files_again_are_a_duplicate_without_a_second_letter() -> None:
    case = lacking_signature()
    again = replace(paper("photo", HE), message="m2")
    linked = fate(message=second(), link=verified(case), people=brings(again))
    unlinked = fate(intent(P.NEW), message=second(), people=brings(again), candidates=Candidates(by_sender=(case,)))
    for decision in (linked, unlinked):
        assert decision.disposition is Disposition.DUPLICATE
        assert decision.letters == ()
        assert decision.cases[0].messages == ("m1", "m2")
        assert decision.cases[0].documents == case.documents


def test_a_picture_taken_out_of_its_page_and_sent_singly_is_new() -> None:
    pasted = replace(paper("signature", HE), path="材料.docx/image1.jpeg", name="image1.jpeg")
    case = replace(lacking_signature(), documents=(*lacking_signature().documents, pasted))
    single = replace(signature(), sha256=pasted.sha256)
    decision = fate(message=second(), kind=M.SUPPLEMENT, link=verified(case), people=brings(single))
    assert decision.disposition is Disposition.CASE_EXTENDED


def test_words_that_bring_nothing_go_to_a_person() -> None:
    decision = fate(message=second(), kind=M.SUPPLEMENT, link=verified(lacking_signature()), people=People((), ()))
    assert decision.disposition is Disposition.FOR_STAFF
    assert letters(decision) == [L.TO_STAFF]


def test_a_fact_in_the_words_of_a_reply_counts() -> None:
    person = replace(HE, card_no="CHN20000001")
    request = paper("cancellation_request")
    case = case_of(P.CANCEL, people=(person,), documents=(request,), state=State.AWAITING_CORRECTION)
    told = replace(HE, card_expiry="2027-03-01", fields=(said("card_expiry", "2027-03-01"),))
    decision = fate(message=second(), kind=M.SUPPLEMENT, link=verified(case), people=People((told,), ()))
    assert decision.cases[0].state is State.COMPLETE


def test_a_wish_to_withdraw_waits_for_a_person() -> None:
    case = lacking_signature()
    decision = fate(message=second(), kind=M.WITHDRAWAL, link=verified(case))
    assert letters(decision) == [L.TO_STAFF]
    assert decision.cases[0].state is case.state
    assert [f.code for f in decision.cases[0].flags] == ["withdrawal.requested"]
    assert notices(decision) == {"withdrawal.requested"}


def lost() -> People:
    person = replace(HE, card_no="CHN20000001")
    kinds = ("replacement_request", "police_loss_report", "passport_colour_scan", "remittance_mfa", "remittance_centre")
    return People((person,), tuple(paper(k, person) for k in kinds), COMPANY)


@pytest.mark.parametrize("intents", [(intent(P.REPLACE, "lost"),), (intent(P.REPLACE, "lost"), intent(P.CANCEL))])
def test_a_lost_card_opens_two_cases_from_one_mail(intents: tuple[Intent, ...]) -> None:
    decision = fate(*intents, people=lost())
    replaced, cancelled = decision.cases
    assert (replaced.procedure, cancelled.procedure) == (P.REPLACE, P.CANCEL)
    assert decision.opened == (replaced.number, cancelled.number)
    assert replaced.related == (cancelled.number,)
    assert cancelled.related == (replaced.number,)
    assert replaced.state is State.COMPLETE
    # the guide asks nothing more for the old card of a lost one than its number (3.1②)
    assert cancelled.state is State.COMPLETE
    assert [(o.letter, o.case, o.related) for o in decision.letters] == [
        (L.ACKNOWLEDGEMENT, replaced.number, (cancelled.number,))
    ]


def test_a_companion_in_order_is_answered_along() -> None:
    known = lost()
    person = replace(known.applicants[0], card_expiry="2027-03-01")
    decision = fate(intent(P.REPLACE, "lost"), people=replace(known, applicants=(person,)))
    assert decision.letters[0].related == (decision.cases[1].number,)


def test_a_late_paper_reaches_the_companion_too() -> None:
    known = lost()
    short = replace(known, documents=tuple(d for d in known.documents if d.kind != "police_loss_report"))
    first = fate(intent(P.REPLACE, "lost"), people=short)
    main, companion = first.cases
    report = paper("police_loss_report", HE, mail="m2", at=LATER)
    decision = fate(
        message=second(),
        kind=M.SUPPLEMENT,
        link=verified(main),
        people=brings(report),
        candidates=Candidates(by_sender=first.cases),
    )
    assert [c.number for c in decision.cases] == [main.number, companion.number]
    assert all("m2" in c.messages for c in decision.cases)


def test_two_matters_of_two_people_are_two_cases_with_one_letter() -> None:
    new = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
    ji = replace(JI, card_no="CHN20000002", card_expiry="2027-01-01")
    people = People((HE, ji), (*new, paper("cancellation_request")), COMPANY)
    decision = fate(intent(P.NEW, "first_time", people=(HE.name,)), intent(P.CANCEL, people=(JI.name,)), people=people)
    assert [[a.name for a in case.applicants] for case in decision.cases] == [[HE.name], [JI.name]]
    assert [{d.kind for d in c.documents} & {"photo", "cancellation_request"} for c in decision.cases] == [
        {"photo"},
        {"cancellation_request"},
    ]
    assert [case.state for case in decision.cases] == [State.COMPLETE, State.COMPLETE]
    assert [(o.letter, o.related) for o in decision.letters] == [(L.ACKNOWLEDGEMENT, (decision.cases[1].number,))]


def test_a_new_matter_in_an_old_thread_opens_its_own_case() -> None:
    case = lacking_signature()
    ji = replace(JI, key="a1", card_no="CHN20000002", card_expiry="2027-01-01")
    people = People((ji,), (paper("cancellation_request", mail="m2"),), COMPANY)
    decision = fate(intent(P.CANCEL), message=second(), link=verified(case), people=people)
    assert decision.disposition is Disposition.CASE_OPENED
    assert [c.procedure for c in decision.cases] == [P.CANCEL]
    assert decision.cases[0].related == (case.number,)


@pytest.mark.parametrize("people", [People((), ()), People((HE,), ())])
def test_a_mail_that_nobody_understood_goes_to_a_person(people: People) -> None:
    decision = fate(kind=M.UNKNOWN, people=people)
    assert decision.disposition is Disposition.FOR_STAFF
    assert decision.cases == ()
    assert letters(decision) == [L.TO_STAFF]
    assert "message.not_understood" in notices(decision)


def test_a_slip_without_a_case_goes_to_a_person() -> None:
    decision = fate(kind=M.PAYMENT_SLIP, people=People((), (paper("remittance_mfa"),)), sure=False)
    assert decision.cases == ()
    assert "message.without_case" in notices(decision)


DOUBTFUL = (
    AuthenticationResult("fail", "none", aligned=False),
    AuthenticationResult("hardfail", "none"),
    AuthenticationResult("none", "fail"),
    AuthenticationResult("softfail", "fail"),
    AuthenticationResult("pass", "none", aligned=False),
    AuthenticationResult("none", "pass", aligned=False),
)


@pytest.mark.parametrize("seen", DOUBTFUL)
def test_a_sender_who_is_not_who_he_says_is_flagged_and_hears_that_the_mail_came(seen: AuthenticationResult) -> None:
    new = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
    decision = fate(intent(P.NEW, "first_time"), message=mail(authentication=seen), people=brings(*new))
    assert decision.cases[0].state is State.NEEDS_TRIAGE
    assert [(order.letter, order.case) for order in decision.letters] == [(L.RECEIVED, "")]
    assert "sender.forged" in notices(decision)


@pytest.mark.parametrize("seen", DOUBTFUL)
def test_nor_does_a_question_of_such_a_sender_get_more(seen: AuthenticationResult) -> None:
    decision = fate(intent(P.NEW, "first_time"), kind=M.ENQUIRY, message=mail(authentication=seen))
    assert letters(decision) == [L.RECEIVED]
    assert "sender.forged" in notices(decision)


PROVEN = (
    AuthenticationResult("pass", "fail", aligned=True),
    AuthenticationResult("fail", "pass", aligned=True),
    AuthenticationResult("none", "none"),
    AuthenticationResult("softfail", "temperror"),
)


@pytest.mark.parametrize("seen", PROVEN)
def test_a_proven_sender_and_one_of_whom_nothing_is_known_are_answered(seen: AuthenticationResult) -> None:
    new = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
    decision = fate(intent(P.NEW, "first_time"), message=mail(authentication=seen), people=brings(*new))
    assert letters(decision) == [L.ACKNOWLEDGEMENT]
    assert "sender.forged" not in notices(decision)


def test_one_person_in_two_open_cases_of_one_procedure_is_flagged() -> None:
    new = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
    other = lacking_signature()
    decision = fate(intent(P.NEW, "first_time"), people=brings(*new), candidates=Candidates(by_person=(other,)))
    assert [(f.code, f.evidence) for f in decision.cases[0].flags] == [("duplicate.person", other.number)]


def test_a_forwarding_city_office_is_noted_as_such() -> None:
    decision = fate(intent(P.NEW, "first_time"), kind=M.CITY_FORWARD, people=brings(paper("photo", HE)))
    assert [p.role for p in decision.cases[0].participants] == ["city_office"]


def test_what_the_guide_excludes_is_for_a_person_who_is_told_why() -> None:
    new = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
    message = mail(new_text="申请人贺知秋为某市商务局科长，国家公务员。")
    decision = fate(intent(P.NEW, "first_time"), message=message, people=brings(*new))
    assert "prohibited.N2" in notices(decision)
    assert letters(decision) == [L.TO_STAFF]
    assert decision.cases[0].state is State.NEEDS_TRIAGE


def test_files_nobody_could_place_are_a_line_for_staff() -> None:
    loose = replace(paper("photo", HE), path="IMG_0001.jpg", kind=None, applicant=None)
    decision = fate(intent(P.NEW, "first_time"), people=brings(loose))
    assert [(n.code, n.text) for n in decision.notices] == [("attachment.unassigned", "IMG_0001.jpg")]


def test_the_same_mail_decided_twice_gives_the_same_decision() -> None:
    people = lost()
    assert fate(intent(P.REPLACE, "lost"), people=people) == fate(intent(P.REPLACE, "lost"), people=people)
