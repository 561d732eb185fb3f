"""A clerk's yes and no to a letter, and a clerk's own words."""

import pytest
from tests.support.acts import around, code, done, entry, judged_case, signed
from tests.support.judgement import RULES, mail

from mailintake.model.act import Approve, Edit, LetterAct, Recall, Reject, Result, SendAgain, SentByHand, Write
from mailintake.model.letter import LetterKind, OutboxState
from mailintake.stages.acts.letters import on_letter, written

S = OutboxState
STEPS: list[tuple[LetterAct, OutboxState, OutboxState]] = [
    (Approve(), S.WAITING, S.READY),
    (Reject(), S.WAITING, S.REJECTED),
    (Reject(), S.DRAFTED, S.REJECTED),
    (Recall(), S.READY, S.WAITING),
    (SendAgain(), S.FAILED, S.READY),
    (SendAgain(), S.REJECTED, S.READY),
    (SendAgain(), S.SHADOWED, S.READY),
    (SentByHand(), S.DRAFTED, S.SENT),
]


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", [Approve(), Reject(), Recall(), SendAgain(), SentByHand()], ids=lambda a: a.name)
def test_a_letter_moves_only_from_where_it_may(act: LetterAct, state: OutboxState) -> None:
    after = next((a for known, before, a in STEPS if known == act and before is state), None)
    made = on_letter(entry(state=state), act, signed(act), around())
    if after is None:
        assert code(made) == "letter.state"
    else:
        assert [(m.before, m.after) for m in done(made).moves] == [(state, after)]


def test_a_yes_is_a_yes_to_the_bytes_that_were_seen() -> None:
    assert code(on_letter(entry(), Approve("d" * 64), signed(Approve()), around())) == "letter.changed"
    assert done(on_letter(entry(), Approve("c" * 64), signed(Approve()), around())).moves


def test_a_letter_that_was_handed_over_once_is_not_recalled() -> None:
    assert code(on_letter(entry(state=S.READY, attempts=1), Recall(), signed(Recall()), around())) == "letter.state"


@pytest.mark.parametrize("words", ["请汇到 6222 0212 3456 7890 123", "新账号6222-0212-3456-7890"])
def test_nobody_can_be_told_another_account_in_our_name(words: str) -> None:
    assert code(on_letter(entry(), Edit(words), signed(Edit("")), around())) == "letter.account"
    assert code(written(Write(words), judged_case(), None, around())) == "letter.account"


def test_our_own_account_and_telephone_numbers_may_be_told() -> None:
    account = next(iter(RULES.fees.values())).account
    words = f"账号 {account}，电话 024-86899095，手机 13800000000。"
    assert done(on_letter(entry(), Edit(words), signed(Edit("")), around())).text == words


def test_a_result_goes_to_everybody_of_the_case_and_an_answer_to_the_sender() -> None:
    case = judged_case()
    (order,) = done(written(Result("卡已制好。"), case, None, around())).letters
    assert (order.letter, order.to, order.text) == (LetterKind.RESULT, ("office@qingchuan.example",), "卡已制好。")
    made = done(written(Write("请于下周来窗口。"), None, mail("m7"), around()))
    assert [(o.letter, o.to) for o in made.letters] == [(LetterKind.ANSWER, ("office@qingchuan.example",))]
    assert [s.message for s in made.settled] == ["m7"]
    assert code(written(Result("x"), None, mail(), around())) == "letter.needs_case"
    assert code(written(Write(" "), case, None, around())) == "text.missing"
