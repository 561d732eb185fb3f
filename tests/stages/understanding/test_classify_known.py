"""What the database and the papers know decides where words alone cannot."""

import pytest
from tests.support.intake_mails import candidates, case, known_mail, letter

from mailintake.model.case import Case, State
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.understanding import Classification
from mailintake.stages.classify.classify import classify

P = ProcedureKey
NUMBER = "LN-2026-000011-0"
CHANGED = letter("换护照", "丁一鸣的护照换了，新护照和请示附上", ("新护照.jpg", "请示.pdf"))


def judged(mail: object, rules: RuleSet, *known: Case) -> Classification:
    """The classification against a store with these cases."""
    return classify(known_mail(mail, rules, candidates(mail, known, rules)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.ACCEPTED, P.PASSPORT_CHANGE),
        (State.AT_ECONOMIES, P.PASSPORT_CHANGE),
        (State.AWAITING_CORRECTION, P.PASSPORT_CHANGE),
        (State.CARD_MADE, P.REPLACE),
        (State.CARD_DELIVERED, P.REPLACE),
    ],
)
def test_a_new_passport_is_a_replacement_once_the_card_is_made(
    state: State, expected: ProcedureKey, rules: RuleSet
) -> None:
    found = judged(CHANGED, rules, case(NUMBER, ["丁一鸣"], P.NEW, state=state))
    assert [intent.procedure for intent in found.intents] == [expected]
    assert found.sure or found.conflict == "passport_or_card"


def test_an_open_application_beats_the_word_for_replacing_the_card(rules: RuleSet) -> None:
    mail = letter("丁一鸣护照更换", "卡还没拿到，护照到期换了新的，请更新", ("新护照.jpg",))
    assert (
        judged(mail, rules, case(NUMBER, ["丁一鸣"], P.NEW, state=State.AT_MFA)).intents[0].procedure
        is P.PASSPORT_CHANGE
    )


def test_slips_and_an_old_card_speak_for_a_replacement(rules: RuleSet) -> None:
    files = ("新护照.jpg", "旧护照.jpg", "旧卡.jpg", "外交部汇款单.pdf", "外服汇款单.pdf")
    found = judged(letter("换护照", "丁一鸣换护照，材料附上", files), rules)
    assert (found.intents[0].procedure, found.intents[0].variant, found.sure) == (P.REPLACE, "new_passport", True)


def test_contradicting_words_are_for_staff(rules: RuleSet) -> None:
    found = judged(letter("新办APEC卡", "丁一鸣申请续办", ("照片.jpg",)), rules)
    assert (found.sure, found.conflict) == (False, "new_or_renew")
    assert {e.rule for e in found.evidence if e.fired} >= {"new.words", "renew.words"}


def test_what_was_taken_back_is_kept_as_nearly_fired(rules: RuleSet) -> None:
    found = judged(letter("APEC卡", "不是换卡，是续办", ("照片.jpg",)), rules)
    assert [e.text for e in found.evidence if e.rule == "replace.words" and not e.fired] == ["换卡"]
    assert all(e.source.startswith("config/classification.yaml:") for e in found.evidence)


def test_history_below_new_words_never_decides(rules: RuleSet) -> None:
    history = "注销 换卡 续办 提前制卡 遗失补办 " * 20
    mail = letter("丁一鸣", "申请新办，材料见附件", ("照片.jpg",), quoted_text=history)
    assert [intent.procedure for intent in judged(mail, rules).intents] == [P.NEW]


def test_our_own_letter_below_an_empty_forward_is_not_the_sender_s_word(rules: RuleSet) -> None:
    mail = letter("转发：材料", "", ("照片.jpg",), quoted_text="收件回执 受理编号 LN-2026-000011-0 注销APEC商务旅行卡")
    assert judged(mail, rules).intents == ()


def test_an_enquiry_says_what_it_asks_about(rules: RuleSet) -> None:
    found = judged(letter("咨询", "请问卡丢了怎么补办，需要什么材料？"), rules)
    assert found.message_class is MessageClass.ENQUIRY
    assert found.intents[0].procedure is P.REPLACE


def test_the_lost_card_s_cancellation_is_no_matter_of_its_own(rules: RuleSet) -> None:
    mail = letter("补办并注销旧卡", "丁一鸣的卡遗失，申请补办，同时注销旧卡", ("报案回执.pdf",))
    assert [(i.procedure, i.variant) for i in judged(mail, rules).intents] == [(P.REPLACE, "lost")]


def test_the_same_mail_gives_the_same_answer(rules: RuleSet) -> None:
    assert judged(CHANGED, rules) == judged(CHANGED, rules)
    assert classify(known_mail(CHANGED, rules)).intents
