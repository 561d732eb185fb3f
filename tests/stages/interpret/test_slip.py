"""Slips: exactly whose account, how much, and when nothing can be said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from tests.support.papers import CENTRE, MFA, Fee, Sheet, company, slip
from tests.support.papers_layouts import SLIPS, bank_slip, both_slips
from tests.support.papers_slips import statement

from mailintake.model.facts import Reading

Read = Callable[..., Reading]
Sure = Callable[[Reading], dict[str, str]]
DAY = date(2026, 11, 3)
PAYER = company(3)


@pytest.mark.parametrize("layout", SLIPS)
@pytest.mark.parametrize(("fee", "kind"), [(MFA, "remittance_mfa"), (CENTRE, "remittance_centre")])
def test_every_layout_gives_account_amount_payer_and_day(
    read: Read, sure: Sure, layout: str, fee: Fee, kind: str
) -> None:
    reading = read(bank_slip(fee, 3, PAYER, DAY, layout))
    assert reading.kind == kind
    found = sure(reading)
    assert found["payee_account"] == fee.account
    assert found["amount_cny"] == str(fee.each * 3)
    assert found["transaction_date"] == "2026-11-03"
    assert PAYER.startswith(found["payer"][:8])


def test_a_longer_number_that_contains_our_account_is_not_ours(read: Read) -> None:
    other = Fee(MFA.payee, MFA.account + "0", MFA.bank, 720)
    reading = read(slip(other, 1, PAYER, DAY))
    assert reading.kind == ""
    assert reading.all("payee_account") == (other.account,)


def test_a_slip_to_somebody_else_names_the_account_and_no_kind(read: Read, sure: Sure) -> None:
    reading = read(slip(Fee("某某咨询服务部", "6222020200011223344", "虚构银行", 720), 1, PAYER, DAY))
    assert reading.kind == ""
    assert sure(reading)["payee_account"] == "6222020200011223344"


def test_an_account_that_ocr_read_and_we_do_not_know_is_never_sure(read: Read, sure: Sure) -> None:
    misread = Fee(MFA.payee, "0200001029006592332", MFA.bank, 720)
    reading = read(slip(misread, 1, PAYER, DAY), source="ocr", score=0.97)
    assert reading.get("payee_account") == "0200001029006592332"
    assert "payee_account" not in sure(reading)


def test_figures_that_disagree_with_the_words_are_not_sure(read: Read, sure: Sure) -> None:
    sheet = slip(MFA, 2, PAYER, DAY, layout="parties")
    wrong = [t for t in sheet.texts if not t.words.startswith("人民币")]
    place = next(t for t in sheet.texts if t.words.startswith("人民币"))
    reading = read(Sheet(sheet.size, wrong).say(place.x, place.y, "人民币壹仟贰佰元整"))
    assert reading.get("amount_cny") == "1440"
    assert "amount_cny" not in sure(reading)


def test_a_refund_from_our_account_is_no_payment(read: Read) -> None:
    turned = Sheet().say(230, 60, "客户回单", 18)
    rows = [("付款人", CENTRE.payee), ("付款账号", CENTRE.account), ("收款人", PAYER), ("收款账号", "211936207461841")]
    for row, (label, value) in enumerate([*rows, ("金额", "￥1,500.00"), ("交易时间", "2026-11-03")]):
        turned.say(60, 140 + 26 * row, label).say(190, 140 + 26 * row, value)
    assert read(turned).kind == ""


def test_a_transfer_that_waits_for_approval_is_not_sure_of_its_amount(read: Read, sure: Sure) -> None:
    sheet = slip(MFA, 1, PAYER, DAY)
    waiting = Sheet(texts=[t for t in sheet.texts if t.words != "交易成功"]).say(190, 348, "待复核")
    assert "amount_cny" not in sure(read(waiting))


def test_both_slips_on_one_page_are_both_found_with_their_amounts(read: Read) -> None:
    sheet = slip(MFA, 2, PAYER, DAY)
    for text in slip(CENTRE, 2, PAYER, DAY).texts:
        sheet.say(text.x, text.y + 380, text.words, text.size)
    reading = read(sheet)
    assert {reading.kind, *reading.also} == {"remittance_mfa", "remittance_centre"}
    assert reading.all("payee_account") == (MFA.account, CENTRE.account)
    assert reading.all("amount_cny") == ("1440", "3000")


def test_a_notice_that_quotes_both_accounts_is_no_slip(read: Read) -> None:
    notices = (f"收款人：{fee.payee}\n账号：{fee.account}\n金额：{fee.each}元" for fee in (MFA, CENTRE))
    assert read("\n".join(("费用说明", *notices))).kind == ""


def test_words_of_a_letter_inside_a_company_name_do_not_make_a_slip_a_letter(read: Read) -> None:
    payer = "营口拟申请冶金设备有限公司"
    assert read(slip(CENTRE, 1, payer, DAY, remark="APEC卡费用")).kind == "remittance_centre"


@pytest.mark.parametrize("layout", ["list", "stacked", "english"])
def test_accounts_and_amounts_come_in_matching_order_on_a_page_with_two_slips(read: Read, layout: str) -> None:
    reading = read(both_slips(CENTRE, MFA, 3, PAYER, DAY, layout))
    assert reading.all("payee_account") == (CENTRE.account, MFA.account)
    assert reading.all("amount_cny") == ("4500", "2160")
    assert all(f.sure for f in reading.fields if f.name in ("payee_account", "amount_cny"))


def test_two_slips_to_one_account_on_one_page_are_not_sure_of_their_sum(read: Read, sure: Sure) -> None:
    assert "amount_cny" not in sure(read(both_slips(MFA, MFA, 1, PAYER, DAY)))


def test_the_second_party_is_the_other_one_though_its_marker_was_not_read(read: Read, sure: Sure) -> None:
    sheet = slip(MFA, 1, PAYER, DAY, layout="parties")
    faded = Sheet(sheet.size, [t for t in sheet.texts if not (t.x == 430 and t.words in "收款人")])
    found = sure(read(faded, source="ocr", score=0.98))
    assert (found["payee_account"], found["payee"]) == (MFA.account, MFA.payee)
    assert found["payer"] == PAYER


@pytest.mark.parametrize("shift", [-7, -3, 3, 7])
def test_headings_a_few_points_off_the_labels_below_still_tell_the_parties(read: Read, sure: Sure, shift: int) -> None:
    sheet = slip(CENTRE, 2, PAYER, DAY, layout="stacked")
    moved = Sheet(sheet.size, [replace(t, x=t.x + shift * t.words.startswith("收款方")) for t in sheet.texts])
    found = sure(read(moved))
    assert (found["payee"], found["payer"]) == (CENTRE.payee, PAYER)


def test_a_statement_of_many_transfers_is_no_slip(read: Read) -> None:
    entries = ((MFA.payee, MFA.account, "1,440.00", ""), ("某某物业有限公司", "6222020200011223344", "512.00", ""))
    assert read(statement(entries, PAYER, DAY)).kind == ""


def test_money_that_came_back_from_our_account_is_no_slip(read: Read) -> None:
    assert read(statement(((MFA.payee, MFA.account, "", "1,440.00"),), PAYER, DAY)).kind == ""


@pytest.mark.parametrize("said", ["交易币种：美元", "已冲正", "下一步", "Status: pending", "待支付", "红字回单"])
def test_a_sum_in_other_money_or_not_yet_paid_is_not_sure(read: Read, sure: Sure, said: str) -> None:
    assert "amount_cny" not in sure(read(slip(MFA, 1, PAYER, DAY).say(60, 700, said)))


def test_words_of_a_sum_that_ocr_read_badly_are_not_sure(read: Read, sure: Sure) -> None:
    order = bank_slip(MFA, 3, PAYER, DAY, "words_alone")
    assert sure(read(order, source="ocr", score=0.97))["amount_cny"] == "2160"
    assert "amount_cny" not in sure(read(order, source="ocr", score=0.7))


def test_an_account_below_its_holder_s_name_is_seen_though_it_is_not_ours(read: Read, sure: Sure) -> None:
    found = sure(read(bank_slip(Fee("某某咨询服务部", "6222020200011223344", "虚构银行", 720), 1, PAYER, DAY, "dark")))
    assert (found["payee"], found["payee_account"]) == ("某某咨询服务部", "6222020200011223344")
