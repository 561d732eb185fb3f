"""Certificates, insurance, company papers, passport page, card."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from tests.support.papers import (
    Sheet,
    card,
    certificate,
    company,
    contract,
    insurance,
    licence,
    passport_page,
    person,
    tax_proof,
)
from tests.support.papers_layouts import CERTIFICATES, INSURANCES, crime_certificate, insurance_list

from mailintake.model.facts import FileFacts, Reading, TextFacts
from mailintake.model.rules import RuleSet
from mailintake.stages.interpret import interpret

Read = Callable[..., Reading]
Sure = Callable[[Reading], dict[str, str]]
WHO, EMPLOYER = person(7), company(3)


@pytest.mark.parametrize("style", ["plain", "chinese"])
def test_a_certificate_is_dated_by_its_last_lone_date_not_by_the_period_it_searched(
    read: Read, sure: Sure, style: str
) -> None:
    reading = read(certificate(WHO, date(2026, 8, 18), style=style))
    assert reading.kind == "no_criminal_record"
    found = sure(reading)
    assert found["issue_date"] == "2026-08-18"
    assert found["has_record"] == "no"
    assert (found["name_zh"], found["id_no"]) == (WHO.name_zh, WHO.id_no)


def test_a_notice_is_about_the_person_it_addresses(read: Read, sure: Sure) -> None:
    notice = crime_certificate(WHO, date(2026, 9, 2), "query")
    assert sure(read(notice))["name_zh"] == WHO.name_zh


def test_a_date_that_the_seal_hides_leaves_the_date_open(read: Read) -> None:
    sheet = certificate(WHO, date(2026, 8, 18))
    hidden = Sheet(texts=[t for t in sheet.texts if t.words != "2026年8月18日"]).say(380, 470, "二〇二零角八月十八日")
    assert read(hidden, source="ocr").get("issue_date") is None


def test_a_certificate_with_a_record_says_yes_and_its_title_does_not_count(read: Read, sure: Sure) -> None:
    assert sure(read(certificate(WHO, date(2026, 8, 18), record=True)))["has_record"] == "yes"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("经查，王伟无犯罪记录。", "no"),
        ("有无犯罪记录：无", "no"),
        ("有无犯罪记录：有", "yes"),
        ("是否有犯罪记录：是", "yes"),
        ("经查，王伟未被判处刑罚，未发现有犯罪记录。", "no"),
        ("经查，王伟于2015年因盗窃罪被判处有期徒刑六个月。", "yes"),
        ("经查，不能排除其有犯罪记录。", "yes"),
        ("经查，王伟曾于2015年被判处拘役，除此之外无犯罪记录。", None),
        ("经查，王伟并非无犯罪记录人员。", None),
        ("□有犯罪记录 □无犯罪记录", None),
    ],
)
def test_a_certificate_says_no_only_where_it_says_so_without_taking_it_back(
    read: Read, said: str, verdict: str | None
) -> None:
    assert read(f"犯罪记录查询结果\n姓名：王伟\n{said}\n2026年9月2日").get("has_record") == verdict


def test_the_words_that_begin_a_finding_are_no_name(read: Read) -> None:
    said = "经查，贺知秋（身份证号：210102198001011234）无犯罪记录。"
    assert read(f"无犯罪记录证明\n{said}\n2026年9月2日").get("name_zh") == "贺知秋"


@pytest.mark.parametrize("title", ["无犯罪记录证明申请表", "无犯罪记录承诺书", "社会保险参保证明样表"])
def test_an_application_for_a_paper_is_not_the_paper(read: Read, title: str) -> None:
    assert read(f"{title}\n姓名：王伟\n本人无犯罪记录\n2026年9月2日").kind == ""


@pytest.mark.parametrize("months", [5, 6, 11])
def test_insured_months_are_counted_by_row(read: Read, sure: Sure, months: int) -> None:
    found = sure(read(insurance(WHO, EMPLOYER, date(2026, 10, 9), months)))
    assert found["insured_months"] == str(months)
    assert found["insured_to"] == "2026-10"
    assert (found["name_zh"], found["employer"]) == (WHO.name_zh, EMPLOYER)


def test_a_row_number_never_joins_a_month_and_several_insurances_count_once(read: Read) -> None:
    rows = ("1 202605 养老 8200.00", "1 202605 失业 8200.00", "12 202606 养老 8200.00", "打印日期：2026-11-03")
    assert read("\n".join(("社会保险缴费明细", "姓名：王伟", *rows))).get("insured_months") == "2"


@pytest.mark.parametrize("day", ["2026年9月2日", "2026-09-02", "2026.9.2", "2026年12月31日", "二〇二六年九月二日"])
def test_the_day_a_list_was_issued_on_is_no_insured_month(read: Read, day: str) -> None:
    assert read(f"社保缴费明细\n202605 养老\n202606 养老\n{day}").get("insured_months") == "2"


def test_a_range_of_months_stands_for_all_of_them(read: Read) -> None:
    assert read("参保证明\n姓名：王伟\n缴费起止 202511-202604 养老保险").get("insured_months") == "6"


def test_unpaid_months_do_not_count(read: Read) -> None:
    assert read("社保缴费明细\n202605 已缴费\n202606 欠费\n202607 已缴费").get("insured_months") == "2"


def test_a_month_of_nothing_but_noughts_makes_the_count_unsure(read: Read, sure: Sure) -> None:
    reading = read("社保缴费明细\n202605 养老 4500.00 360.00\n202606 养老 0.00 0.00\n202607 养老 4500.00 360.00")
    assert reading.get("insured_months") == "2"
    assert "insured_months" not in sure(reading)


def test_months_that_ocr_found_with_a_gap_are_not_sure(read: Read, sure: Sure) -> None:
    reading = read("社保缴费明细\n202603 养老\n202604 养老\n202606 养老", source="ocr", score=0.99)
    assert reading.get("insured_months") == "3"
    assert "insured_months" not in sure(reading)


def test_company_papers_name_the_company(read: Read, sure: Sure) -> None:
    assert sure(read(licence(EMPLOYER, WHO.name_zh)))["legal_person"] == WHO.name_zh
    assert sure(read(licence(EMPLOYER, WHO.name_zh)))["employer"] == EMPLOYER
    assert sure(read(contract(EMPLOYER, "越南")))["economies"] == "VNM"
    assert read(contract(EMPLOYER, "越南", "合作意向书")).kind == "trade_evidence"


@pytest.mark.parametrize("grade", ["A", "B", "M", "C", "D"])
def test_the_tax_grade_is_the_letter_beside_its_label(read: Read, grade: str) -> None:
    reading = read(tax_proof(EMPLOYER, grade, 2025))
    assert (reading.kind, reading.get("tax_grade"), reading.get("tax_year")) == ("tax_proof", grade, "2025")


@pytest.mark.parametrize(
    ("said", "grade"),
    [
        ("纳税信用级别：B级（A级为最高，D级为最低）", "B"),
        ("说明：级别设A、B、M、C、D五级。\n评价结果：C", "C"),
        ("本公司2025年度被评为A级纳税人", "A"),
        ("说明：纳税信用级别设A、B、M、C、D五级。", None),
    ],
)
def test_what_the_grades_are_in_general_is_no_company_s_grade(read: Read, said: str, grade: str | None) -> None:
    reading = read(f"纳税信用评价结果\n纳税人名称：{EMPLOYER}\n{said}")
    assert reading.get("tax_grade") == grade
    assert ("grade not told" in reading.evidence) == (grade is None)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("五、员工人数：721人", "721"),
        ("现有职工35名，其中研发12名", "35"),
        ("公司现有员工1,200余人", "1200"),
        ("员工人数不足", None),
    ],
)
def test_a_profile_states_its_staff(read: Read, said: str, count: str | None) -> None:
    assert read(f"企业简介\n一、企业性质：民营企业\n{said}").get("headcount") == count


def test_a_profile_shows_topics_and_economies(read: Read) -> None:
    reading = read("公司简介\n主营业务：机械\n产品远销日本、印度尼西亚\n总资产：2亿元\n上年度纳税900万元")
    assert (reading.get("topics"), reading.get("economies")) == ("assets scope tax trade", "IDN JPN")


def test_a_passport_is_sure_where_zone_and_print_agree(read: Read, sure: Sure) -> None:
    reading = read(passport_page(WHO), source="ocr", score=0.98)
    found = sure(reading)
    assert reading.kind == "passport_page"
    assert found["passport_no"] == WHO.passport_no
    assert found["expiry_date"] == WHO.expiry.isoformat()
    assert found["name_zh"] == WHO.name_zh
    assert found["passport_issue_date"] == WHO.issued.isoformat()


def test_a_printed_number_that_differs_takes_the_certainty_away(read: Read, sure: Sure) -> None:
    sheet = passport_page(WHO)
    other = "E99999999"
    changed = Sheet(texts=[t for t in sheet.texts if t.words != WHO.passport_no]).say(410, 141, other, 12)
    reading = read(changed, source="ocr", score=0.98)
    assert "passport_no" not in sure(reading)


def test_a_name_that_the_print_spells_otherwise_is_not_sure_though_every_digit_checks(read: Read, sure: Sure) -> None:
    sheet = passport_page(WHO)
    printed = f"{WHO.surname}, {WHO.given}"
    changed = Sheet(texts=[t for t in sheet.texts if t.words != printed]).say(190, 189, "ZHANG, SPECIMEN", 12)
    found = sure(read(changed, source="ocr", score=0.98))
    assert found["passport_no"] == WHO.passport_no
    assert "name_pinyin" not in found


@pytest.mark.parametrize("layout", CERTIFICATES)
def test_certificates_of_every_layout_say_whose_when_and_what(read: Read, sure: Sure, layout: str) -> None:
    found = sure(read(crime_certificate(WHO, date(2026, 9, 2), layout)))
    assert (found["name_zh"], found["issue_date"], found["has_record"]) == (WHO.name_zh, "2026-09-02", "no")


@pytest.mark.parametrize("layout", INSURANCES)
def test_insurance_lists_of_every_layout_give_months_and_employer(read: Read, sure: Sure, layout: str) -> None:
    found = sure(read(insurance_list(WHO, EMPLOYER, date(2026, 10, 9), 5, layout)))
    assert (found["insured_months"], found["insured_to"], found["employer"]) == ("5", "2026-10", EMPLOYER)


def test_without_a_zone_nothing_of_a_passport_is_sure(read: Read, sure: Sure) -> None:
    sheet = passport_page(WHO)
    reading = read(Sheet(texts=[t for t in sheet.texts if not t.mono]), source="ocr", score=0.98)
    assert reading.kind == "passport_page"
    assert reading.get("passport_no") == WHO.passport_no
    assert sure(reading) == {}


def test_a_card_gives_its_number_and_validity_and_is_no_passport(read: Read) -> None:
    reading = read(card(WHO, "CHN12345678", date(2027, 3, 28)), source="ocr")
    assert reading.kind == "card_both_sides"
    assert (reading.get("card_no"), reading.get("card_expiry")) == ("CHN12345678", "2027-03-28")
    assert reading.evidence == ("front", "back")


def test_a_page_about_something_else_says_nothing(read: Read) -> None:
    assert read("会议通知\n请各部门于周五参加例会。") == Reading()


def test_papers_whose_title_is_cut_off_are_known_by_what_they_hold(read: Read) -> None:
    rows = ("姓名：王伟", "202605 养老保险 缴费基数 8200.00", "202606 养老保险 缴费基数 8200.00")
    assert read("\n".join(rows)).kind == "social_insurance"
    assert read("报警人：王伟\n称其护照在商场丢失，我所已登记。\n虚构市公安局样本派出所").kind == "police_loss_report"


def test_papers_of_several_kinds_scanned_into_one_file_are_read_page_by_page(rules: RuleSet) -> None:
    page, other = (sheet.read("ocr", 0.99) for sheet in (passport_page(WHO), certificate(WHO, date(2026, 8, 18))))
    lines = (*page.lines, *(replace(line, page=2) for line in other.lines))
    reading = interpret(FileFacts("0" * 64, 1, "pdf"), TextFacts(lines, "ocr"), "1.pdf", rules)
    assert (reading.kind, reading.also) == ("passport_page", ("no_criminal_record",))
