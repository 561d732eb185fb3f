"""An act can be taken back until something rests on it."""

from dataclasses import replace

from tests.support.acts import entry
from tests.support.judgement import MONDAY

from mailintake.model.act import Refused
from mailintake.model.letter import OutboxState
from mailintake.model.record import CaseChange, Fated, LetterChange, MailChange, Record, Version
from mailintake.stages.acts.undo import Restored, undo

N = "LN-2026-000001-1"


def record(event: int, before: int | None, after: int, **more: object) -> Record:
    changes = (CaseChange(N, before, after),)
    return replace(Record(event, MONDAY, "accept", N, "赵敏", changes), **more)  # type: ignore[arg-type]


def version(revision: int, what: str = "act.accept", restores: int | None = None) -> Version:
    return Version(N, revision, revision * 10, what, "staff:赵敏", MONDAY, restores)


def answer(made: Restored | Refused) -> str:
    return made.code if isinstance(made, Refused) else ""


def test_the_last_act_can_be_taken_back_and_then_the_one_before() -> None:
    first, second = record(20, 1, 2), record(30, 2, 3)
    history = [version(1), version(2), version(3)]
    assert answer(undo(first, {N: history}, {})) == "undo.later_act"
    assert answer(undo(second, {N: history}, {})) == ""
    history.append(version(4, "undone", restores=2))
    assert answer(undo(first, {N: history}, {})) == ""
    assert answer(undo(second, {N: history}, {})) == "undo.later_act"


def test_taking_back_can_itself_be_taken_back() -> None:
    undoing = record(40, 3, 4)
    history = [version(1), version(2), version(3), version(4, "undone", restores=2)]
    assert answer(undo(undoing, {N: history}, {})) == ""


def test_a_later_mail_or_a_sent_letter_rests_on_an_act() -> None:
    for what, why in (
        ("case.extended", "undo.later_mail"),
        ("letter.sent", "undo.letter_sent"),
        ("case.reminded", "undo.letter_sent"),
        ("case.recounted", "undo.later_act"),
    ):
        assert answer(undo(record(20, 1, 2), {N: [version(1), version(2), version(3, what)]}, {})) == why


def test_an_act_whose_letter_is_out_or_moved_on_stays() -> None:
    written = entry(5, OutboxState.READY)
    made = record(20, 1, 2, letters=(LetterChange(5, entry(5), written),))
    history = {N: [version(1), version(2)]}
    assert answer(undo(made, history, {5: written})) == ""
    for state, why in (
        (OutboxState.SENT, "undo.letter_sent"),
        (OutboxState.SENDING, "undo.letter_sent"),
        (OutboxState.REJECTED, "undo.letter_moved"),
    ):
        assert answer(undo(made, history, {5: replace(written, state=state)})) == why
    assert answer(undo(made, history, {5: replace(written, attempts=1)})) == "undo.letter_sent"


def test_once_is_enough_and_a_mail_that_was_judged_again_stays() -> None:
    assert answer(undo(record(20, 1, 2, undone_by=25), {N: [version(1), version(2)]}, {})) == "undo.done"
    fated = MailChange("f" * 64, Fated("for_staff", "unknown"), Fated("parked", "spam"))
    made = record(20, 1, 2, cases=(), mail=fated)
    assert answer(undo(made, {}, {}, Fated("parked", "spam"))) == ""
    assert answer(undo(made, {}, {}, Fated("case_opened", "application"))) == "undo.later_act"
