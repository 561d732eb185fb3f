"""Last days as the guide gives them: ten working days with a 容缺 list, elsewhere none but what the office wishes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.support.letters import NUMBER, SENDER, TODAY, case, lacking, message, only, rules

from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.view import letter_view
from mailintake.model.assessment import Assessment, Missing, Verdict
from mailintake.model.case import Case, Deadline, DeadlineKind, SentLetter, State
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import LetterOrder
from mailintake.stages.deadline import on_sent, running

POLICE = Missing("police_loss_report", "police.missing", "a1", tolerable=False)
SENT_AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 11, 23)


def lost(**changes: Any) -> Case:
    """A lost card whose police report lacks."""
    return replace(
        case(procedure=ProcedureKey.REPLACE, variant="lost", city="大连", assessment=only(POLICE)), **changes
    )


def wishing(days: int) -> RuleSet:
    """The rules with a wish of the office for replacements."""
    made = tuple(replace(p, reply_within_days=days) if p.key is ProcedureKey.REPLACE else p for p in rules().procedures)
    return replace(rules(), procedures=made)


def written(renderer: Renderer, about: Case, with_rules: RuleSet, today: date = TODAY) -> Rendered:
    """The correction about it."""
    order = LetterOrder(LetterKind.CORRECTION, (SENDER,), NUMBER)
    return renderer.letter(letter_view(order, {NUMBER: about}, message(), with_rules, today))


def words(made: Rendered) -> str:
    """Subject and lines."""
    return "\n".join((made.subject, *(line.text for line in made.lines)))


@pytest.mark.parametrize("key", [key for key in ProcedureKey if key not in (ProcedureKey.NEW, ProcedureKey.RENEW)])
def test_no_last_day_is_told_where_the_guide_sets_none(key: ProcedureKey, renderer: Renderer) -> None:
    gone = Missing("fact_card_no", "card.number_missing", "a1", tolerable=False)
    variant = rules().procedure(key).variant(None).id
    about = case(procedure=key, variant=variant, assessment=Assessment(Verdict.CORRECTABLE, (), (gone,)))
    said = words(written(renderer, about, rules()))
    assert "补正期限" not in said
    assert "（含当天）" not in said
    assert "12月7日" not in said


@pytest.mark.parametrize("key", [ProcedureKey.NEW, ProcedureKey.RENEW])
def test_ten_working_days_run_from_the_day_after_the_first_notice(key: ProcedureKey, renderer: Renderer) -> None:
    about = case(procedure=key, variant=rules().procedure(key).variant(None).id, assessment=lacking())
    said = words(written(renderer, about, rules()))
    assert "请在 12月7日（星期一）前（含当天）" in said
    assert "补正期限 10 个工作日，从首次告知次日起算" in said


def test_a_follow_up_tells_the_day_of_the_first_notice_and_its_last_day(renderer: Renderer) -> None:
    sent = SentLetter("correction", "<a@b>", SENT_AT, SENT_AT)
    period = Deadline(DeadlineKind.CORRECTION, date(2026, 12, 7), since=FIRST_DAY)
    about = case(assessment=lacking(), deadlines=(period,), letters=(sent,))
    said = words(written(renderer, about, rules(), date(2026, 12, 1)))
    assert "从首次告知（11月23日）次日起算" in said
    assert "12月7日（星期一）前（含当天）" in said
    assert "12月15日" not in said


def test_a_second_period_is_not_called_the_first(renderer: Renderer) -> None:
    sent = SentLetter("correction", "<a@b>", SENT_AT, SENT_AT)
    over = Deadline(DeadlineKind.CORRECTION, date(2026, 12, 7), since=FIRST_DAY, met=True)
    about = case(assessment=lacking(), deadlines=(over,), letters=(sent,))
    said = words(written(renderer, about, rules(), date(2026, 12, 9)))
    assert "从告知次日起算" in said
    assert "首次" not in said


def test_a_day_that_staff_have_extended_is_said_so(renderer: Renderer) -> None:
    period = Deadline(
        DeadlineKind.CORRECTION, date(2026, 12, 14), since=FIRST_DAY, extended_from=date(2026, 12, 7), days=15
    )
    said = words(written(renderer, case(assessment=lacking(), deadlines=(period,)), rules()))
    assert "补正期限已由工作人员延长到 12月14日" in said
    assert "10 个工作日，从" not in said


def test_a_wish_of_the_office_is_said_as_one(renderer: Renderer) -> None:
    said = words(written(renderer, lost(), wishing(5)))
    assert "最好在 11月30日（星期一）前" in said
    assert "是我们希望的日期" in said
    assert "补正期限 " not in said


def test_only_a_period_of_the_guide_or_a_wish_starts_a_deadline() -> None:
    waiting = lost(state=State.AWAITING_CORRECTION)
    assert running(on_sent(waiting, LetterKind.CORRECTION, SENT_AT, rules()), DeadlineKind.CORRECTION) is None
    wished = running(on_sent(waiting, LetterKind.CORRECTION, SENT_AT, wishing(5)), DeadlineKind.CORRECTION)
    assert wished is not None
    assert wished.due == date(2026, 11, 30)
