"""What staff do, as they and the applicants notice it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.acting import act, desk, document, done, first, later, picture, two_cases, undone
from tests.support.acts import AUDITOR, CLERK, OTHER
from tests.support.worker import Office, application

from mailintake.app.act_words import refusal, to_correct
from mailintake.model.act import (
    Approve,
    AskAgain,
    Close,
    Edit,
    NoAction,
    PhoneCall,
    Refuse,
    Refused,
    Rule,
    Said,
    SentByHand,
    SetCompany,
    SetProcedure,
    Signed,
    Withdraw,
    Write,
)
from mailintake.model.case import DeadlineKind
from mailintake.model.letter import LetterKind, Mode, OutboxState
from mailintake.model.procedure import ProcedureKey
from mailintake.model.summary import CaseSummary
from mailintake.model.understanding import StaffNotice
from mailintake.store.unit_acts import words_sha256
from mailintake.worker.acts import perform
from mailintake.worker.past import case_at

P = ProcedureKey
LATER_MAIL = {"id": "m9", "at": "2026-11-02 11:00", "set": "new", "of": ["a"]}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with desk(tmp_path) as made:
        yield made


def test_what_was_approved_goes_out_byte_for_byte(here: Office) -> None:
    two_cases(here)
    number = first(here)
    entry = here.shells.store.outbox_entry(int(number))
    assert entry is not None
    done(act(here, Approve(entry.sha256), number))
    here.run()
    raw = here.shells.store.files.path(entry.sha256).read_bytes()
    assert raw in [taken for taken, _, _ in here.mailer.taken]


def test_a_letter_that_changed_since_it_was_seen_comes_back_with_the_difference(here: Office) -> None:
    two_cases(here)
    number = first(here)
    before = here.shells.store.outbox_entry(int(number))
    assert before is not None
    later(here, 24)
    answer = act(here, Approve(before.sha256), number)
    assert isinstance(answer, Refused)
    assert answer.code == "letter.changed"
    now = here.shells.store.outbox_entry(int(number))
    assert now is not None
    assert (now.state, now.before_sha256) == (OutboxState.WAITING, before.sha256)
    done(act(here, Approve(now.sha256), number))


def test_a_letter_whose_days_moved_after_the_yes_asks_for_another_one(here: Office) -> None:
    two_cases(here)
    number = first(here)
    done(act(here, Approve(hold=2 * 24 * 3600), number))
    later(here, 49)
    here.run()
    entry = here.shells.store.outbox_entry(int(number))
    assert entry is not None
    assert (entry.state, entry.approved_by) == (OutboxState.WAITING, "")
    assert CLERK.name in here.notices("letter.changed")[0]


def test_whoever_approved_hears_when_the_machine_takes_it_back(here: Office) -> None:
    one, _ = two_cases(here)
    entry = next(e for e in here.shells.store.outbox() if e.case == one)
    done(act(here, Approve(hold=3600), str(entry.id)))
    done(act(here, SetProcedure(P.RENEW), one, by=OTHER.name))
    assert CLERK.name in here.notices("letter.taken_back")[0]


def test_what_a_person_wrote_into_a_letter_is_in_the_one_that_takes_its_place(here: Office) -> None:
    one, _ = two_cases(here)
    entry = next(e for e in here.shells.store.outbox() if e.case == one)
    done(act(here, Edit("请同时带上护照原件。"), str(entry.id)))
    made = done(act(here, SetProcedure(P.RENEW), one))
    (fresh,) = (e for e in here.shells.store.outbox((OutboxState.WAITING,)) if e.id in made.letters)
    assert (fresh.words, fresh.state) == ("请同时带上护照原件。", OutboxState.WAITING)


def test_a_waiting_letter_says_every_morning_what_is_true_that_day(here: Office) -> None:
    two_cases(here)
    before = {e.id: e.sha256 for e in here.shells.store.outbox((OutboxState.WAITING,))}
    later(here, 24)
    here.run()
    after_ = {e.id: e for e in here.shells.store.outbox((OutboxState.WAITING,))}
    assert any(after_[number].sha256 != sha256 for number, sha256 in before.items())
    assert all(after_[number].before_sha256 in ("", sha256) for number, sha256 in before.items())


def test_the_later_of_two_clerks_is_told_and_nothing_is_done(here: Office) -> None:
    one, _ = two_cases(here)
    seen = here.shells.store.case(one)
    assert seen is not None
    done(act(here, SetCompany("鞍山远图科技有限公司"), one, by=OTHER.name, revision=seen.revision))
    before = picture(here.shells.store)
    answer = act(here, Withdraw(), one, revision=seen.revision)
    assert isinstance(answer, Refused)
    assert answer.code == "case.changed"
    assert "set_company" in dict(answer.values)["changed"]
    assert "11-02 09:30 钱峰 改单位" in refusal(answer, here.shells.renderer)
    assert picture(here.shells.store) == before


def test_nobody_unknown_and_no_auditor_acts(here: Office) -> None:
    one, _ = two_cases(here)
    for by, code in (("没人", "by.unknown"), (AUDITOR.name, "by.role")):
        answer = act(here, Close(), one, by=by)
        assert isinstance(answer, Refused)
        assert answer.code == code


def test_a_dry_run_shows_everything_and_changes_nothing(here: Office) -> None:
    one, _ = two_cases(here)
    before, events = picture(here.shells.store), here.shells.store.count_events()
    made = perform(here.shells, Signed(SetProcedure(P.RENEW), one, CLERK.name, here.clock.now), dry_run=True)
    assert done(made).event == 0
    assert (picture(here.shells.store), here.shells.store.count_events()) == (before, events)


def test_an_act_is_not_taken_back_once_its_letter_is_out(here: Office) -> None:
    two_cases(here)
    made = done(act(here, Approve(), first(here)))
    here.run()
    answer = undone(here, made.event)
    assert isinstance(answer, Refused)
    assert answer.code == "undo.letter_sent"
    assert to_correct(answer) == "LN-2026-000001-7"


def test_an_act_is_not_taken_back_once_a_later_mail_rests_on_it(here: Office) -> None:
    one, _ = two_cases(here)
    made = done(act(here, SetCompany("鞍山远图科技有限公司"), one))
    here.deliver(application(**LATER_MAIL, text=f"编号{one}，补充照片。"))
    here.run()
    answer = undone(here, made.event)
    assert isinstance(answer, Refused)
    assert answer.code == "undo.later_mail"
    assert to_correct(answer) == one
    assert done(act(here, Write("前次告知有误，请以本函为准。"), to_correct(answer))).letters


def test_a_wrong_classification_put_right_survives_the_next_mail(here: Office) -> None:
    one, _ = two_cases(here)
    done(act(here, SetProcedure(P.RENEW), one))
    here.deliver(application(**LATER_MAIL, text=f"编号{one}：再次申请新办，附材料。"))
    here.run()
    case = here.shells.store.case(one)
    assert case is not None
    assert (case.procedure, len(case.messages)) == (P.RENEW, 2)
    assert len(here.shells.store.summaries(open_only=False)) == 2


def test_a_ruling_survives_the_next_mail_and_a_restart(tmp_path: Path) -> None:

    with desk(tmp_path) as made:
        one, _ = two_cases(made)
        target = document(made, one)
        done(act(made, Rule(Said.OK), target))
    with desk(tmp_path) as again:
        again.deliver(
            application(
                id="m9", at="2026-11-02 11:00", text=f"编号{one}，请查收。", set="new", of=["a"], without=["passport a"]
            )
        )
        again.run()
        case = again.shells.store.case(one)
        assert case is not None
        assert case.assessment is not None
        sha256 = target.partition("/")[2]
        ruled = [c for c in case.assessment.documents if c.document.sha256 == sha256]
        assert {c.outcome.value for c in ruled} == {"ok"}
        assert [r.by for r in case.rulings] == [CLERK.name]


def test_reasons_lie_where_they_can_be_erased_and_the_log_holds_their_hash(here: Office) -> None:
    one, _ = two_cases(here)
    made = done(act(here, PhoneCall("已说明照片要求"), one, reason="对方来电"))
    event = here.shells.store.event(made.event)
    assert event is not None
    data = dict(event.data)
    assert data["text_sha256"] == words_sha256("已说明照片要求")
    assert "照片要求" not in str(event)
    assert {w.what: w.words for w in here.shells.store.words(sequence=made.event)} == {
        "text": "已说明照片要求",
        "reason": "对方来电",
    }


def test_the_case_as_it_was_at_a_past_letter_can_be_shown(here: Office) -> None:
    one, _ = two_cases(here)
    letter = next(e for e in here.shells.store.outbox() if e.case == one)
    then = here.shells.store.version(one, 1)
    done(act(here, SetProcedure(P.CANCEL), one))
    done(act(here, Close(), one))
    assert then is not None
    assert then.procedure is P.NEW
    assert case_at(here.shells.store, one, letter.message_id) == then


def test_in_auto_mode_a_refusal_still_waits_for_a_yes(tmp_path: Path) -> None:
    with desk(tmp_path, mode=Mode.AUTO) as made:
        one, _ = two_cases(made)
        done(act(made, Refuse("1.1"), one))
        answer = done(act(made, Refuse(), one, by=OTHER.name))
        entry = made.shells.store.outbox_entry(answer.letters[-1])
        assert entry is not None
        assert (entry.letter, entry.state) == (LetterKind.RESULT, OutboxState.WAITING)


def test_sent_by_hand_starts_the_days_and_cannot_be_taken_back(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "Drafts").mkdir(parents=True)
    with desk(tmp_path, mode=Mode.DRAFT) as made:
        one, _ = two_cases(made)
        entry = next(e for e in made.shells.store.outbox() if e.case == one)
        assert entry.state is OutboxState.DRAFTED
        answer = done(act(made, SentByHand(), str(entry.id)))
        case = made.shells.store.case(one)
        assert case is not None
        assert any(d.kind is DeadlineKind.CORRECTION for d in case.deadlines)
        assert isinstance(undone(made, answer.event), Refused)


def test_a_line_of_the_digest_is_seen_to_by_its_number(here: Office) -> None:
    two_cases(here)
    with here.shells.store.begin() as unit:
        unit.add_notice(StaffNotice("mailbox.folder_missing", "x"), here.clock.now)
    line = next(row.id for row in here.shells.store.notices() if row.notice.code == "mailbox.folder_missing")
    done(act(here, NoAction(), f"#{line}"))
    assert here.notices("mailbox.folder_missing") == []
    answer = act(here, NoAction(), f"#{line}")
    assert isinstance(answer, Refused)
    assert answer.code == "line.unknown"


def test_a_fault_told_in_a_second_letter_is_counted_once_it_is_out(here: Office) -> None:
    one, _ = two_cases(here)
    done(act(here, Approve(), str(next(e.id for e in here.shells.store.outbox() if e.case == one))))
    here.run()
    later(here, 24)
    asked = done(act(here, AskAgain(), document(here, one), reason="护照页被遮挡"))
    assert summary(here, one).told_late == 0  # nobody has read it yet
    done(act(here, Approve(), str(asked.letters[-1])))
    here.run()
    assert summary(here, one).told_late == 1
    case = here.shells.store.case(one)
    assert case is not None
    assert [letter.late for letter in case.letters if letter.late] == [("passport.by_staff|a1",)]


def summary(made: Office, number: str) -> CaseSummary:
    return next(row for row in made.shells.store.summaries(open_only=False) if row.number == number)
