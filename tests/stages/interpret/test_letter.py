"""Letters: which matter, whose, why."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.support.papers import company, letter, person, police_report

from mailintake.model.facts import Reading

Read = Callable[..., Reading]
ONE, TWO = person(7), person(8)
DAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("kind", "matters"),
    [
        ("new", ("company_letter",)),
        ("renew", ("company_letter",)),
        ("replacement", ("replacement_request",)),
        ("lost", ("replacement_request", "cancellation_request")),
        ("passport_change", ("passport_change_request",)),
        ("cancel", ("cancellation_request",)),
        ("early", ("early_issue_request",)),
    ],
)
def test_a_letter_says_its_matter_and_its_people(read: Read, kind: str, matters: tuple[str, ...]) -> None:
    reading = read(letter(kind, [ONE, TWO], company(3), DAY))
    assert reading.kind == matters[0]
    assert reading.all("letter_kind") == matters
    assert reading.all("name_zh") == (ONE.name_zh, TWO.name_zh)
    assert reading.all("passport_no") == (ONE.passport_no, TWO.passport_no)
    assert reading.get("employer") == company(3)


def test_a_title_outweighs_what_the_text_mentions(read: Read) -> None:
    text = (
        "关于申请更换APEC商务旅行卡的请示\n辽宁省外办：\n我公司员工王伟已更换护照，原护照号E11111111，新护照号E22222222，"
        "现申请更换APEC商务旅行卡。\n妥否，请批示。"
    )
    reading = read(text)
    assert reading.all("letter_kind") == ("replacement_request",)
    assert (reading.get("old_passport_no"), reading.get("passport_no")) == ("E11111111", "E22222222")


def test_traditional_characters_and_the_offices_misprint_are_read(read: Read) -> None:
    reading = read(
        "關於註銷AEPC商務旅行卡的請示\n遼寧省外辦：\n我公司員工王偉因退休，申請註銷其AEPC商務旅行卡。\n妥否，請批示。"
    )
    assert reading.kind == "cancellation_request"
    assert reading.get("reason") == "退休"


def test_card_number_and_validity_stand_in_the_text(read: Read) -> None:
    reading = read(letter("cancel", [ONE], company(3), DAY))
    assert (reading.get("card_no"), reading.get("card_expiry")) == ("CHN12345678", "2028-03-01")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("申请提前制作APEC商务旅行卡。", None),
        ("因公出国，申请提前制卡。", None),
        ("因急需赴泰国签约，申请提前制卡。", "急需赴泰国签约"),
    ],
)
def test_a_reason_is_a_reason_and_not_a_kind_of_travel(read: Read, said: str, reason: str | None) -> None:
    assert read(f"公函\n辽宁省外办：\n我公司员工王伟{said}\n妥否，请批示。").get("reason") == reason


def test_the_sentence_about_being_on_file_is_kept(read: Read) -> None:
    assert read(letter("renew", [ONE], company(3), DAY)).get("registered_company") == "我公司已在贵办备案"


def test_nothing_that_ocr_read_in_a_letter_is_sure_but_its_matter(read: Read) -> None:
    reading = read(letter("cancel", [ONE], company(3), DAY), source="ocr", score=0.99)
    assert {f.name for f in reading.fields if f.sure} == {"letter_kind"}


def test_a_number_broken_over_two_lines_is_joined(read: Read) -> None:
    sheet = letter("cancel", [ONE, TWO], company(3), DAY)
    assert read(sheet).all("passport_no") == (ONE.passport_no, TWO.passport_no)


def test_a_police_report_is_not_a_request(read: Read) -> None:
    reading = read(police_report(ONE, DAY))
    assert reading.kind == "police_loss_report"
    assert (reading.get("name_zh"), reading.get("card_no")) == (ONE.name_zh, "CHN12345678")


def test_a_numbered_list_names_everybody_in_it(read: Read) -> None:
    reading = read(
        "关于为张伟等3人办理APEC商务旅行卡的申请\n辽宁省外事办公室：\n我公司拟为以下人员申办APEC商务旅行卡：\n"
        "1. 张伟，男，总经理，护照号 E12345678\n2. 李娜，女，销售部经理，护照号：EA2345678\n"
        "3. 王芳 女 财务总监 E33345678\n特此申请。"
    )
    assert reading.all("name_zh") == ("张伟", "李娜", "王芳")
    assert reading.all("passport_no") == ("E12345678", "EA2345678", "E33345678")


def test_further_economies_for_a_card_issued_early_are_a_replacement(read: Read) -> None:
    text = "关于增加经济体的申请\n省外办：\n我司何勇此前已提前制作APEC商务旅行卡，现申请增加可进入经济体并重新制卡。"
    assert read(text).all("letter_kind") == ("replacement_request",)


def test_a_company_that_is_not_on_file_does_not_count_as_one(read: Read) -> None:
    assert (
        read("公函\n省外办：\n我公司员工王伟申请办理APEC商务旅行卡，我公司尚未备案。").get("registered_company") is None
    )


def test_a_letter_in_english_is_a_letter(read: Read) -> None:
    asked = "We hereby apply for the APEC Business Travel Card for Mr. WANG WEI, passport E12345678."
    reading = read(f"To: Liaoning Foreign Affairs Office\n{asked}")
    assert (reading.kind, reading.get("passport_no")) == ("company_letter", "E12345678")


@pytest.mark.parametrize(
    "body",
    [
        "我公司陶静远因履行出口合同\n须于下月赴秘鲁，申请提前制作APEC商务旅行卡。",
        "我公司陶静远因劳动合同到期\n不再续聘，申请注销其APEC商务旅行卡。",
        "陶静远的APEC商务旅行卡遗失，派出所出具了挂失证明\n现申请补办。",
        "我公司营业执照\n已变更，现为陶静远申请办理APEC商务旅行卡。",
    ],
    ids=["contract", "employment contract", "loss report", "licence"],
)
@pytest.mark.parametrize("heading", ["申请函", "请 示", "公      函", "情况说明", ""])
def test_a_letter_is_a_letter_whatever_papers_it_mentions(read: Read, heading: str, body: str) -> None:
    foot = "妥否，请批示。\n大连听涛贸易有限公司\n2026年11月20日"
    kind = read("\n".join(filter(None, (heading, "辽宁省人民政府外事办公室：", body, foot)))).kind
    assert kind.endswith(("_request", "company_letter")), kind


def test_a_contract_is_still_a_contract(read: Read) -> None:
    text = "购销合同\n合同编号：T-2026-07\n甲方：大连听涛贸易有限公司\n乙方：KOBE MARINE CO., LTD. 日本"
    assert read(text).kind == "trade_evidence"
    assert read(text.replace("购销合同", "SALES CONTRACT No. T-2026-07")).kind == "trade_evidence"


def test_the_end_of_an_employment_is_no_trade(read: Read) -> None:
    assert read("解除劳动合同证明书\n陶静远与我公司自2026年10月31日起解除劳动合同。").kind != "trade_evidence"


def test_a_police_receipt_names_whom_it_is_addressed_to(read: Read) -> None:
    reading = read("报案回执\n陶静远:\n你于2026年10月3日报称遗失卡片一张,已予登记。\n听涛市公安局某派出所")
    assert [f.value for f in reading.fields if f.name == "name_zh"] == ["陶静远"]


def test_what_a_company_states_about_a_loss_is_no_report_of_the_police(read: Read) -> None:
    own = "遗失证明\n我公司陶静远的APEC商务旅行卡不慎遗失，申请补办。\n大连听涛贸易有限公司"
    assert read(own).kind != "police_loss_report"
    assert read("报警回执\n陶静远于2026年10月3日报称遗失卡片一张。\n听涛市公安局某派出所").kind == "police_loss_report"


def test_a_title_is_a_line_by_itself(read: Read) -> None:
    assert read("大连听涛贸易有限公司\n企业简介\n一、企业性质：有限责任公司").kind == "company_profile"
    assert read("现将企业简介报送贵办，请查收。\n谢谢！").kind != "company_profile"
