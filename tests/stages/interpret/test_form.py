"""The basic-data form: names of fields, labels on paper, ticks."""

from collections.abc import Callable

import pytest
from tests.support.papers import Sheet, company, form_values, person
from tests.support.papers_forms import LABELS

from mailintake.model.facts import FileFacts, PdfFacts, PdfShape, Reading
from mailintake.model.rules import RuleSet
from mailintake.stages.interpret import interpret

VALUES = form_values(person(7), company(3))


def of_fields(rules: RuleSet, fields: dict[str, str], labels: dict[str, str] | None = None) -> Reading:
    shape = PdfShape.ACROFORM if any(fields.values()) else PdfShape.EMPTY_FORM
    pdf = PdfFacts(1, shape, tuple(fields.items()), labels=tuple((labels or {}).items()))
    return interpret(FileFacts("0" * 64, 1, "pdf", pdf=pdf), None, "form.pdf", rules)


@pytest.mark.parametrize("prefix", ["", "form1.page1.", "topmostSubform[0].Page1[0]."])
def test_field_names_of_any_tree_become_standard_names(rules: RuleSet, prefix: str) -> None:
    reading = of_fields(rules, {prefix + LABELS[f][0]: v for f, v in VALUES.items()})
    assert reading.kind == "abtc_basic_data"
    assert {f.name: f.value for f in reading.fields} == VALUES
    assert all(f.source == "form" for f in reading.fields)


def test_tool_tips_speak_where_names_do_not(rules: RuleSet) -> None:
    names = {field: f"Text{i}" for i, field in enumerate(VALUES)}
    reading = of_fields(rules, {names[f]: v for f, v in VALUES.items()}, {names[f]: LABELS[f][1] for f in VALUES})
    assert {f.name: f.value for f in reading.fields} == VALUES


def test_the_address_of_the_company_is_not_the_company(rules: RuleSet) -> None:
    fields = {
        "ChineseName": "王伟",
        "PassportNo": "E12345678",
        "Company": "某某有限公司",
        "CompanyAddress": "样本路1号",
    }
    assert of_fields(rules, fields).all("employer") == ("某某有限公司",)


def test_tick_boxes_for_each_sex_make_one_value(rules: RuleSet) -> None:
    fields = {"name": "王伟", "passport_no": "E12345678", "dob": "1980-01-02", "sex_m": "", "sex_f": "Yes"}
    assert of_fields(rules, fields).all("sex") == ("F",)


def test_an_empty_form_is_still_the_form(rules: RuleSet) -> None:
    reading = of_fields(rules, dict.fromkeys((name for name, _ in LABELS.values()), ""))
    assert (reading.kind, reading.fields) == ("abtc_basic_data", ())


def test_fields_of_another_form_say_nothing(rules: RuleSet) -> None:
    assert of_fields(rules, {"filename": "a", "topic": "b"}) == Reading()


def test_a_printed_form_is_read_by_its_labels(read: Callable[..., Reading]) -> None:
    sheet = Sheet().say(170, 50, "APEC申请人员基本资料", 16)
    for row, (field, (_, label)) in enumerate(LABELS.items()):
        sheet.say(60, 110 + 40 * row, label).say(380, 110 + 40 * row, VALUES[field])
    reading = read(sheet)
    assert reading.kind == "abtc_basic_data"
    assert {f.name: f.value for f in reading.fields} == VALUES | {"employer_en": "SPECIMEN TRADING CO., LTD"}


def test_the_application_form_is_told_from_the_basic_data(read: Callable[..., Reading]) -> None:
    reading = read("APEC商务旅行卡申请事项表\n中文姓名：王伟\n护照号码：E12345678\n有效期至：2031-02-05")
    assert reading.kind == "application_form"
    assert reading.get("passport_no") == "E12345678"
