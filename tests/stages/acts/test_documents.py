"""What staff say about papers."""

from dataclasses import replace

from tests.support.acts import PEOPLE, around, code, done, entry, in_state, judged_case, signed
from tests.support.judgement import HE, JI, MONDAY, RULES, of_size

from mailintake.model.act import AskAgain, DismissFlag, NewAtWindow, Rule, Said, SetKind, SetOwner, TickPaper
from mailintake.model.assessment import Flag, Verdict
from mailintake.model.case import Case, State
from mailintake.model.document import Document
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.ruling import About
from mailintake.stages.acts.documents import document_of, new_at_window, on_document
from mailintake.stages.decide.judging import judge

P, L = ProcedureKey, LetterKind


def photo_of(case: Case) -> Document:
    return next(d for d in case.documents if d.kind == "photo")


def with_small_photo() -> Case:
    case = judged_case()
    small = of_size(photo_of(case), 200, 200)
    return judge(
        replace(case, documents=tuple(small if d.kind == "photo" else d for d in case.documents)), RULES, MONDAY
    )


def test_a_document_is_named_by_its_path_or_the_beginning_of_its_bytes() -> None:
    case = judged_case()
    photo = photo_of(case)
    assert document_of(case, photo.path) == photo
    assert document_of(case, photo.sha256[:40].upper()) == photo
    assert document_of(case, photo.sha256[:3]) is None


def test_a_photo_that_a_person_finds_good_makes_the_case_complete_and_that_is_told() -> None:
    case = with_small_photo()
    assert case.state is State.AWAITING_CORRECTION
    act = Rule(Said.OK)
    made = done(on_document(case, photo_of(case), act, signed(act), around()))
    assert made.cases[0].state is State.COMPLETE
    assert [o.letter for o in made.letters] == [L.ACKNOWLEDGEMENT]


def test_a_paper_found_wrong_needs_a_reason_and_is_not_told_by_every_click() -> None:
    case = judged_case()
    sent = replace(case, letters=(*case.letters,))
    act = Rule(Said.NOT_OK)
    assert code(on_document(case, photo_of(case), act, signed(act), around())) == "reason.missing"
    made = done(on_document(sent, photo_of(case), act, signed(act, reason="戴了墨镜"), around()))
    assert made.cases[0].state is State.AWAITING_CORRECTION
    waiting = around(letters=(entry(letter=L.ACKNOWLEDGEMENT),))
    assert [o.letter for o in done(on_document(sent, photo_of(case), act, signed(act, reason="x"), waiting)).letters]


def test_asking_once_more_rules_it_wrong_and_tells_everything_that_is_open() -> None:
    case = judged_case("signature")
    act = AskAgain()
    assert code(on_document(case, photo_of(case), act, signed(act), around())) == "reason.missing"
    made = done(on_document(case, photo_of(case), act, signed(act, reason="背景有花纹"), around()))
    assert [o.letter for o in made.letters] == [L.TOLERATED]
    assert [r.reason for r in made.cases[0].rulings] == ["背景有花纹"]
    assert done(on_document(case, None, act, signed(act), around())).letters
    assert code(on_document(judged_case(), None, act, signed(act), around())) == "request.nothing"


def test_kind_and_owner_are_set_and_what_nobody_knows_is_refused() -> None:
    case = judged_case(people=PEOPLE)
    photo = photo_of(case)
    moved = done(on_document(case, photo, SetOwner(JI.name), signed(SetOwner()), around())).cases[0]
    assert [(r.about, r.value) for r in moved.rulings] == [(About.OWNER, JI.key)]
    assert moved.assessment is not None
    assert {m.applicant for m in moved.assessment.missing if m.kind == "photo"} == {HE.key}
    assert code(on_document(case, photo, SetOwner("无此人"), signed(SetOwner()), around())) == "person.unknown"
    assert code(on_document(case, photo, SetKind("nothing"), signed(SetOwner()), around())) == "kind.unknown"
    assert code(on_document(case, None, SetKind("photo"), signed(SetOwner()), around())) == "document.unknown"


def test_a_hint_that_stops_every_letter_can_be_dismissed_with_its_reason() -> None:
    doubted = judge(replace(judged_case(), flags=(Flag("sender.forged", "spf=fail"),)), RULES, MONDAY)
    assert doubted.state is State.NEEDS_TRIAGE
    act = DismissFlag("sender.forged")
    made = done(on_document(doubted, None, act, signed(act, reason="已电话核实"), around()))
    assert made.cases[0].state is State.COMPLETE
    assert made.settled[0].codes == ("sender.forged",)
    assert code(on_document(doubted, None, DismissFlag("account.foreign"), signed(act), around())) == "flag.unknown"


def test_an_original_is_ticked_at_the_window_only_where_the_list_asks_for_it() -> None:
    case = judged_case()
    kind = RULES.procedure(P.NEW).variant("").paper[0].kind
    ticked = done(on_document(case, None, TickPaper(kind, HE.name), signed(TickPaper("")), around())).cases[0]
    assert [(r.about, r.key, r.value) for r in ticked.rulings] == [(About.PAPER, kind, HE.key)]
    assert code(on_document(case, None, TickPaper("nothing"), signed(TickPaper("")), around())) == "paper.unknown"


def test_a_case_without_mail_is_opened_at_the_window() -> None:
    act = NewAtWindow(("贺知秋:ea1234561", "季云舟"), company="沈阳晴川机械有限公司", mail="office@qingchuan.example")
    (case,) = done(new_at_window("new.first_time", act, around())).cases
    assert [(a.key, a.name, a.passport_no) for a in case.applicants] == [
        ("a1", "贺知秋", "EA1234561"),
        ("a2", "季云舟", ""),
    ]
    assert case.assessment is not None
    assert case.assessment.verdict is Verdict.CORRECTABLE
    assert code(new_at_window("new.never", act, around())) == "procedure.unknown"
    assert code(new_at_window("new", NewAtWindow(()), around())) == "people.missing"


def test_nothing_is_said_about_the_papers_of_a_case_that_is_over() -> None:
    case = in_state(State.CLOSED)
    assert code(on_document(case, photo_of(case), Rule(Said.OK), signed(Rule(Said.OK)), around())) == "case.over"
