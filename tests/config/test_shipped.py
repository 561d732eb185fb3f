"""The shipped rules against the guide: which papers, which of them tolerable, how many days, how much money."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from mailintake.config import load
from mailintake.model.procedure import ProcedureKey, Scope, Severity, Variant
from mailintake.model.rules import RuleSet
from mailintake.model.traits import LIST
from mailintake.stages.classify.known import KNOWN

SLIPS = ("remittance_mfa", "remittance_centre")
ELECTRONIC = ("photo", "signature", "passport_page", "abtc_basic_data", "company_profile", *SLIPS)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load(None, {}).rules


def variant(rules: RuleSet, name: str) -> Variant:
    procedure, _, id_ = name.partition(".")
    return next(v for v in rules.procedure(ProcedureKey(procedure)).variants if v.id == id_)


@pytest.mark.parametrize(
    ("procedure", "days", "fees", "tolerance"),
    [
        ("new", 10, ("mfa", "centre"), True),
        ("renew", 10, ("mfa", "centre"), True),
        ("replace", 3, ("mfa", "centre"), False),
        ("passport_change", 3, (), False),
        ("cancel", 3, (), False),
        ("early_issue", 3, (), False),
    ],
)
def test_time_limit_fees_and_tolerance_are_those_of_the_guide(
    rules: RuleSet, procedure: str, days: int, fees: tuple[str, ...], tolerance: bool
) -> None:
    found = rules.procedure(ProcedureKey(procedure))
    assert (found.time_limit_days, found.fees, found.tolerance, found.correction_days) == (
        days,
        fees,
        tolerance,
        10 if tolerance else None,
    )


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("new.first_time", ELECTRONIC),
        ("new.again_same_company", ELECTRONIC),
        ("renew.same_company", (*ELECTRONIC, "fact_card_until")),
        ("renew.changed_company", ELECTRONIC),
        (
            "replace.new_passport",
            ("replacement_request", "new_passport_page", "old_passport_page", "card_both_sides", *SLIPS),
        ),
        ("replace.damaged", ("replacement_request", "card_both_sides", "passport_colour_scan", *SLIPS)),
        (
            "replace.lost",
            ("replacement_request", "fact_card_no", "passport_colour_scan", "police_loss_report", *SLIPS),
        ),
        ("replace.add_economies", (*SLIPS, "fact_card_no", "fact_passport")),
        ("passport_change.only", ("passport_change_request", "new_passport_page")),
        (
            "cancel.only",
            ("cancellation_request", "fact_person_name", "fact_passport", "fact_card_no", "fact_card_expiry"),
        ),
        ("early_issue.only", ("early_issue_request", "fact_person_name", "fact_reason")),
    ],
)
def test_each_variant_asks_by_mail_for_exactly_its_list(rules: RuleSet, name: str, kinds: tuple[str, ...]) -> None:
    assert sorted(r.kind for r in variant(rules, name).email) == sorted(kinds)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        (
            "new.first_time",
            "passport_original passport_copies application_form business_licence tax_proof trade_evidence "
            "company_profile no_criminal_record social_insurance",
        ),
        ("new.again_same_company", "company_letter social_insurance no_criminal_record passport_original"),
        (
            "renew.same_company",
            "company_letter social_insurance no_criminal_record passport_original passport_copies",
        ),
        ("replace.lost", ""),
        ("cancel.only", ""),
    ],
)
def test_each_variant_names_the_papers_for_the_window(rules: RuleSet, name: str, kinds: str) -> None:
    assert [r.kind for r in variant(rules, name).paper] == kinds.split()


def test_only_the_items_of_the_tolerance_list_may_follow_later(rules: RuleSet) -> None:
    for procedure in rules.procedures:
        tolerable = {r.kind for v in procedure.variants for r in (*v.email, *v.paper) if r.tolerable}
        listed = {*ELECTRONIC, "passport_original", "passport_copies"} - {"company_profile"}
        assert tolerable == (listed if procedure.tolerance else set())


def test_a_lost_card_is_cancelled_along_with_its_replacement(rules: RuleSet) -> None:
    companions = {v.id: v.companion for v in rules.procedure(ProcedureKey.REPLACE).variants}
    assert companions == {
        "new_passport": None,
        "damaged": None,
        "lost": ProcedureKey.CANCEL,
        "add_economies": None,
    }


def test_fees_and_accounts_are_those_of_the_guide(rules: RuleSet) -> None:
    assert {f.key: (f.amount_cny, f.account) for f in rules.fees.values()} == {
        "mfa": (720, "0200001029006592382"),
        "centre": (1500, "293476735218"),
    }
    assert rules.fees["centre"].slip_to == ("intake", "finance")


def test_all_fourteen_cities_have_an_office_with_address_and_phone(rules: RuleSet) -> None:
    cities = rules.office.cities
    assert len(cities) == 14
    assert all(c.address and c.phone and c.city in "".join(c.words) for c in cities)
    assert [c.city for c in cities if c.company_may_come_to_province] == ["沈阳"]


def test_a_word_for_a_city_never_means_another_one(rules: RuleSet) -> None:
    words = [word for city in rules.office.cities for word in city.words]
    assert len(words) == len(set(words))


def test_the_measures_of_photo_and_signature_are_those_of_the_guide(rules: RuleSet) -> None:
    def params(kind: str, check: str) -> dict[str, object]:
        return dict(next(c.params for c in rules.kinds[kind].checks if c.use == check))

    photo, signature = params("photo", "pixel_size"), params("signature", "pixel_size")
    assert (photo["width"], photo["height"]) == (600, 800)
    assert (signature["width"], signature["height"]) == (300, 150)
    assert params("signature", "ink_fills_frame") == {"min_width": 0.75, "min_height": 0.60}
    assert params("passport_page", "page_shape") == {"ratio": 0.7071, "tolerance": 0.03}
    assert params("no_criminal_record", "issued_within")["months"] == 3
    assert params("social_insurance", "months_insured") == {"min_months": 6}
    assert params("company_profile", "headcount") == {"min": 10}


def test_hints_of_prohibition_or_of_a_foreign_account_are_never_told_to_the_applicant(rules: RuleSet) -> None:
    silent = ("slip_account", "headcount", "no_record", "tax_grade", "state_is", "ink_handwritten")
    for kind in rules.kinds.values():
        assert all(c.severity is Severity.FLAG for c in kind.checks if c.use in silent), kind.key


def test_all_ten_prohibitions_are_there_under_their_procedures(rules: RuleSet) -> None:
    by_id = {p.id: p.procedures for p in rules.prohibitions}
    assert sorted(by_id) == ["N1", "N2", "N3", "N4", "N5", "R1", "R2", "R3", "R4", "R5"]
    assert all(p == ((ProcedureKey.NEW,) if i[0] == "N" else (ProcedureKey.RENEW,)) for i, p in by_id.items())


def test_aliases_are_written_as_names_are_compared(rules: RuleSet) -> None:
    for kind in rules.kinds.values():
        for word in (*kind.aliases, *kind.not_aliases, *kind.text_any, *kind.text_all, *kind.text_not):
            assert word == word.strip(), (kind.key, word)
        assert all(word == word.lower() for word in (*kind.aliases, *kind.not_aliases)), kind.key
        assert len(kind.aliases) == len(set(kind.aliases)), kind.key


def test_a_name_speaks_for_one_kind_only_unless_it_is_a_plain_word_for_a_slip(rules: RuleSet) -> None:
    owners = defaultdict(set)
    for kind in rules.kinds.values():
        for alias in kind.aliases:
            owners[alias].add(kind.key)
    assert {alias: keys for alias, keys in owners.items() if len(keys) > 1 and keys != set(SLIPS)} == {}


def test_facts_are_not_files_and_files_have_a_way_to_be_recognised(rules: RuleSet) -> None:
    for kind in rules.kinds.values():
        if kind.fact:
            assert kind.fields
            assert not kind.aliases
        else:
            known_by_rows = kind.subject == LIST  # its rows tell what it is; a name alone must not
            assert kind.aliases or known_by_rows or kind.key == "passport_original", kind.key


@pytest.mark.parametrize("kind", SLIPS)
def test_a_slip_belongs_to_the_group_and_not_to_a_person(rules: RuleSet, kind: str) -> None:
    assert rules.kinds[kind].scope is Scope.GROUP


def best(rules: RuleSet, name: str) -> set[str]:
    """The kinds whose longest alias in the name is the longest of all, as a reader of the rules would decide."""
    hits = {
        kind.key: max((len(a) for a in kind.aliases if a in name), default=0)
        for kind in rules.kinds.values()
        if not any(word in name for word in kind.not_aliases)
    }
    top = max(hits.values())
    return {key for key, length in hits.items() if length == top} if top else set()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("周小舟照片", "photo"),
        ("周小舟2寸白底照片", "photo"),
        ("zhouxiaozhou_photo", "photo"),
        ("周小舟zhaopian", "photo"),
        ("周小舟手写签名", "signature"),
        ("签字-周小舟", "signature"),
        ("qianming周小舟", "signature"),
        ("周小舟护照首页", "passport_page"),
        ("周小舟护照照片页", "passport_page"),
        ("passport copy zhou", "passport_page"),
        ("周小舟旧护照", "old_passport_page"),
        ("周小舟新护照首页", "new_passport_page"),
        ("护照首页彩色扫描件", "passport_colour_scan"),
        ("换护照的请示", "passport_change_request"),
        ("关于更换护照的请示", "passport_change_request"),
        ("周小舟基本资料", "abtc_basic_data"),
        ("abtc_form_zhou", "abtc_basic_data"),
        ("apec申请人员基本资料表", "abtc_basic_data"),
        ("申请事项表-周小舟", "application_form"),
        ("公司简介", "company_profile"),
        ("company profile 2026", "company_profile"),
        ("某某公司基本情况", "company_profile"),
        ("外交部汇款单", "remittance_mfa"),
        ("汇款单-外交部", "remittance_mfa"),
        ("外服中心汇款单", "remittance_centre"),
        ("服务费1500元回单", "remittance_centre"),
        ("无犯罪记录证明", "no_criminal_record"),
        ("wufanzui", "no_criminal_record"),
        ("社保明细", "social_insurance"),
        ("养老保险缴费", "social_insurance"),
        ("营业执照副本", "business_licence"),
        ("营业执照照片", "business_licence"),
        ("完税证明", "tax_proof"),
        ("纳税信用等级a级", "tax_proof"),
        ("出口合同", "trade_evidence"),
        ("报关单2026", "trade_evidence"),
        ("旧卡正反面", "card_both_sides"),
        ("apec卡正面", "card_both_sides"),
        ("换卡申请", "replacement_request"),
        ("遗失补办申请", "replacement_request"),
        ("报警回执", "police_loss_report"),
        ("挂失证明", "police_loss_report"),
        ("注销申请", "cancellation_request"),
        ("关于注销apec商务旅行卡的请示", "cancellation_request"),
        ("提前制卡公函", "early_issue_request"),
        ("申请函", "company_letter"),
        ("单位公函", "company_letter"),
        ("签证页复印件", "passport_copies"),
    ],
)
def test_file_names_as_assistants_write_them_speak_for_one_kind(rules: RuleSet, name: str, kind: str) -> None:
    assert best(rules, name) == {kind}


@pytest.mark.parametrize("name", ["汇款单", "银行电子回单", "付款凭证", "huikuan", "payment slip"])
def test_a_plain_slip_may_be_either_and_its_content_decides(rules: RuleSet, name: str) -> None:
    assert best(rules, name) == set(SLIPS)


@pytest.mark.parametrize("name", ["劳动合同", "img_2034", "微信图片_20261101", "身份证", "logo", "未命名"])
def test_a_name_that_says_nothing_speaks_for_nothing(rules: RuleSet, name: str) -> None:
    assert best(rules, name) == set()


def test_the_words_that_rules_may_know_are_those_that_the_program_says() -> None:
    text = (Path(__file__).parents[2] / "config/classification.yaml").read_text("utf-8")
    listed = text[text.index("known 里的词") : text.index("# ====")]
    assert set(re.findall(r"[a-z_]{4,}", listed)) - {"known"} == KNOWN
