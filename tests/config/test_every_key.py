"""No key of the rule files is for show: each one is changed everywhere, and what becomes of some mail changes with it.

Keys that no mail shows (an address that is never answered, an example that proves a rule) name the test that does.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from enum import Enum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.support.databases import scenario_shells
from tests.support.judgement import HE, MONDAY, case_of, paper, said, with_reading
from tests.support.observing import Sample, observe, samples, shipped

from mailintake.app.explain_case import CaseExplainer
from mailintake.app.replay import Clock
from mailintake.cli.words import say
from mailintake.config import Configuration, resource_folders
from mailintake.config.shape import field_types
from mailintake.letters.render import Renderer
from mailintake.model import procedure, rules
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.stages.assess.assess import assess
from mailintake.worker.morning import queue_digest

ROOT = Path(__file__).parents[2]
TITLES = (("教授", "某某大学"), ("编辑", "沈阳晴川传媒有限公司"), ("科员", "沈阳晴川机械有限公司"))
BY_LOADER = "source"  # filled in by the loader; `explain` shows it
SEEN_IN = {  # key → a replay scenario, or a mail below, whose fate the key decides
    "CheckSpec.clause": "01-new-complete",
    "CheckSpec.params": "02-new-photo-too-small",
    "CheckSpec.severity": "02-new-photo-too-small",
    "CheckSpec.use": "02-new-photo-too-small",
    "CityOffice.address": "01-new-complete",
    "CityOffice.city": "01-new-complete",
    "CityOffice.company_may_come_to_province": "01-new-complete",
    "CityOffice.name": "01-new-complete",
    "CityOffice.phone": "01-new-complete",
    "CityOffice.words": "01-new-complete",
    "ClassificationPolicy.min_margin": "117-enquiry-that-opens-like-an-application",
    "ClassificationPolicy.min_score": "117-enquiry-that-opens-like-an-application",
    "ClassificationPolicy.near_score": "121-no-cancellation-after-all",
    "Condition.clause": "18-renew-two-years-early",
    "Condition.params": "101-replace-chip-does-not-answer",
    "Condition.severity": "18-renew-two-years-early",
    "Condition.use": "18-renew-two-years-early",
    "DocumentKind.aliases": "01-new-complete",
    "DocumentKind.asks_for": "101-replace-chip-does-not-answer",
    "DocumentKind.checks": "02-new-photo-too-small",
    "DocumentKind.fact": "02-new-photo-too-small",
    "DocumentKind.fields": "100-replace-add-economies-only-slips",
    "DocumentKind.formats": "07-new-photo-as-png",
    "DocumentKind.generic": "105-passport-lost-while-pending",
    "DocumentKind.identifies": "94-renew-with-a-new-passport",
    "DocumentKind.key": "01-new-complete",
    "DocumentKind.missing": "04-new-without-profile",
    "DocumentKind.names_company": "02-new-photo-too-small",
    "DocumentKind.near_formats": "07-new-photo-as-png",
    "DocumentKind.needs_text": "01-new-complete",
    "DocumentKind.not_aliases": "a passport's own photo page",
    "DocumentKind.own_picture": "10-new-six-people-in-a-zip",
    "DocumentKind.passport": "01-new-complete",
    "DocumentKind.reader": "01-new-complete",
    "DocumentKind.scope": "01-new-complete",
    "DocumentKind.shape_hint": "151-spelt-file-names-with-abbreviations",
    "DocumentKind.subject": "01-new-complete",
    "DocumentKind.text_all": "a licence without a name",
    "DocumentKind.text_any": "a slip called a slip",
    "DocumentKind.text_not": "a certificate called a passport",
    "DocumentKind.title": "01-new-complete",
    "Fee.account": "05-new-only-slips-lacking",
    "Fee.amount_cny": "05-new-only-slips-lacking",
    "Fee.bank": "05-new-only-slips-lacking",
    "Fee.key": "114-enquiry-may-we-renew-now",
    "Fee.payee": "05-new-only-slips-lacking",
    "Fee.slip_kind": "05-new-only-slips-lacking",
    "Fee.slip_to": "05-new-only-slips-lacking",
    "Fee.title": "05-new-only-slips-lacking",
    "Office.advice_phone": "01-new-complete",
    "Office.cities": "01-new-complete",
    "Office.finance_address": "01-new-complete",
    "Office.finance_phone": "01-new-complete",
    "Office.hall_address": "01-new-complete",
    "Office.hall_name": "01-new-complete",
    "Office.intake_address": "114-enquiry-may-we-renew-now",
    "Office.name": "01-new-complete",
    "Office.template_path": "114-enquiry-may-we-renew-now",
    "Office.website": "114-enquiry-may-we-renew-now",
    "Procedure.conditions": "18-renew-two-years-early",
    "Procedure.correction_days": "02-new-photo-too-small",
    "Procedure.fees": "05-new-only-slips-lacking",
    "Procedure.key": "01-new-complete",
    "Procedure.time_limit_days": "01-new-complete",
    "Procedure.title": "01-new-complete",
    "Procedure.tolerance": "02-new-photo-too-small",
    "Procedure.variants": "01-new-complete",
    "Prohibition.clause": "160-two-matters-with-a-slip-for-one",
    "Prohibition.id": "160-two-matters-with-a-slip-for-one",
    "Prohibition.manual": "160-two-matters-with-a-slip-for-one",
    "Prohibition.procedures": "160-two-matters-with-a-slip-for-one",
    "Requirement.alternatives": "a picture of the card for its number",
    "Requirement.clause": "04-new-without-profile",
    "Requirement.kind": "02-new-photo-too-small",
    "Requirement.note": "114-enquiry-may-we-renew-now",
    "Requirement.tolerable": "02-new-photo-too-small",
    "Rule.id": "01-new-complete",
    "Rule.message_class": "01-new-complete",
    "Rule.once": "01-new-complete",
    "Rule.pattern": "01-new-complete",
    "Rule.procedure": "01-new-complete",
    "Rule.score": "01-new-complete",
    "Rule.unless": "100-replace-add-economies-only-slips",
    "Rule.variant": "100-replace-add-economies-only-slips",
    "Rule.where": "01-new-complete",
    "Rule.words": "01-new-complete",
    "Variant.companion": "22-replace-lost",
    "Variant.default": "01-new-complete",
    "Variant.email": "01-new-complete",
    "Variant.id": "01-new-complete",
    "Variant.notice": "427-renewal-for-somebody-who-changed-jobs",
    "Variant.paper": "01-new-complete",
    "Variant.title": "101-replace-chip-does-not-answer",
    "WorkCalendar.days_off": "70-correction-period-over-a-make-up-day",
    "WorkCalendar.fixed": "71-correction-period-into-an-unknown-year",
    "WorkCalendar.known_until": "01-new-complete",
    "WorkCalendar.make_up_days": "70-correction-period-over-a-make-up-day",
}
PROVED_BY = {  # keys that no mail shows: they decide before or after it; the test that shows what each does
    "CheckSpec.id": "tests/config/test_layers.py::test_one_of_two_like_named_checks_must_be_told_apart",
    "CityOffice.domains": "tests/config/test_every_key.py::test_a_mail_from_the_domain_of_a_city_office_is_its_own",
    "DocumentKind.statement": "tests/stages/assess/test_flags.py::test_a_clean_certificate_is_no_flag",
    "Condition.id": "tests/config/test_layers.py::test_a_condition_with_an_id_is_changed_without_its_twin",
    "Examples.matches": "tests/config/broken/45-example-that-does-not-fire",
    "Examples.not_matches": "tests/config/broken/46-counter-example-that-fires",
    "Fee.clause": "tests/cli/test_looking.py::test_a_case_shows_what_is_paid_to_whom_by_which_clause",
    "Office.complaint_phone": "tests/config/test_every_key.py::test_the_office_is_known_by_all_its_numbers",
    "Office.own_addresses": "tests/config/test_every_key.py::test_addresses_of_the_office_are_never_written_to",
    "Office.staff_addresses": "tests/config/test_every_key.py::test_the_digest_goes_to_staff",
    "Procedure.clause": "tests/cli/test_looking.py::test_a_case_shows_what_is_paid_to_whom_by_which_clause",
    "Procedure.reply_within_days": "tests/letters/test_periods.py::test_a_wish_of_the_office_is_said_as_one",
    "Prohibition.fields": "tests/config/test_every_key.py::test_each_key_of_a_prohibition_decides_a_flag",
    "Prohibition.never_alone": "tests/config/test_every_key.py::test_each_key_of_a_prohibition_decides_a_flag",
    "Prohibition.not_words": "tests/config/test_every_key.py::test_each_key_of_a_prohibition_decides_a_flag",
    "Prohibition.of_person": "tests/stages/assess/test_said.py::test_each_key_of_a_statement_decides",
    "Prohibition.says": "tests/stages/assess/test_said.py::test_each_key_of_a_statement_decides",
    "Prohibition.says_not": "tests/stages/assess/test_said.py::test_each_key_of_a_statement_decides",
    "Prohibition.says_company": "tests/stages/assess/test_said.py::test_each_key_of_a_statement_decides",
    "Prohibition.title": "tests/config/test_every_key.py::test_a_prohibition_is_shown_with_its_title",
    "Prohibition.values": "tests/config/test_every_key.py::test_each_key_of_a_prohibition_decides_a_flag",
    "Prohibition.words": "tests/config/test_every_key.py::test_each_key_of_a_prohibition_decides_a_flag",
    "Rule.all_words": "tests/stages/understanding/test_words.py::test_all_words_and_patterns_and_latin_borders",
    "Rule.examples": "tests/config/broken/45-example-that-does-not-fire",
    "Variant.clause": "tests/cli/test_looking.py::test_a_case_shows_what_is_paid_to_whom_by_which_clause",
    "WorkCalendar.fixed": "tests/config/test_calendar.py",
    "Variant.like": "tests/config/test_loading.py::test_like_takes_over_the_lists_of_another_variant",
}
CLASSES = (
    *(rules.Rule, rules.Examples, rules.Fee, rules.CityOffice, rules.Office, rules.ClassificationPolicy),
    *(rules.WorkCalendar, procedure.CheckSpec, procedure.DocumentKind, procedure.Requirement, procedure.Variant),
    *(procedure.Condition, procedure.Procedure, procedure.Prohibition),
)
MAILS: dict[str, tuple[tuple[str, str], ...]] = {  # files by name, each with its text
    "a slip called a slip": (("汇款单.txt", "款已付给驻外机构服务中心，请查收。"),),
    "a licence without a name": (("scan001.txt", "统一社会信用代码 91210100MA0000000X\n法定代表人 贺某"),),
    "a certificate called a passport": (("护照.txt", "兹有无犯罪记录查询材料一份，见另页。"),),
    "a passport's own photo page": (("护照本人照片.jpg", ""),),
    "a picture of the card for its number": (("卡正反面.jpg", ""),),
}


def picture() -> bytes:
    """A page of nothing."""
    file = BytesIO()
    Image.new("RGB", (1600, 1100), "white").save(file, "JPEG")
    return file.getvalue()


@cache
def sample(name: str) -> Sample:
    """A replay scenario's first mail, or one of the mails above."""
    if name not in MAILS:
        return next(s for s in samples() if s.name == name)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "suhe@qingchuan.example", shipped().rules.office.intake_address
    matter = "注销" if "card" in name else "新办"
    mail["Subject"], mail["Message-ID"] = f"{matter}APEC商务旅行卡", f"<{len(name)}@qingchuan.example>"
    mail.set_content(f"{matter}APEC卡。申请人：贺知秋，护照号EA1234561。")
    for file, text in MAILS[name]:
        mail.add_attachment(text.encode() or picture(), maintype="text", subtype="plain", filename=file)
    return Sample(name, mail.as_bytes(), MONDAY)


@cache
def before(name: str) -> str:
    """What becomes of that mail by the rules as delivered."""
    return observe(sample(name), shipped().rules)


def changed(value: Any, cls: type, key: str) -> Any:
    """The same rules with `key` of every `cls` changed."""
    if is_dataclass(value) and not isinstance(value, type):
        made = {f.name: changed(getattr(value, f.name), cls, key) for f in fields(value)}
        return replace(value, **(made | {key: other(made[key])} if type(value) is cls else made))
    if isinstance(value, tuple):
        return tuple(changed(item, cls, key) for item in value)
    if isinstance(value, Mapping):
        return {k: changed(item, cls, key) for k, item in value.items()}
    return value


def other(value: Any) -> Any:
    """Some other value of the same kind; of several things, none."""
    match value:
        case bool():
            return not value
        case Enum():
            return list(type(value))[(list(type(value)).index(value) + 1) % len(type(value))]
        case str():
            return f"{value}1"
        case int():
            return value + 1
        case float():
            return value + 1.5
        case date():
            return value - timedelta(days=300)
        case tuple() | frozenset() | Mapping():
            return type(value)() if not isinstance(value, Mapping) else {}
        case _:
            return value


@pytest.mark.parametrize("key", sorted(SEEN_IN))
def test_a_key_that_is_changed_changes_what_becomes_of_a_mail(key: str) -> None:
    """The mail named above is tried first; where letters have come to say something else, any other will do."""
    cls = next(c for c in CLASSES if c.__name__ == key.partition(".")[0])
    rules_with = changed(shipped().rules, cls, key.partition(".")[2])
    names = dict.fromkeys((SEEN_IN[key], *MAILS, *(s.name for s in samples())))
    assert any(after(name, rules_with) != before(name) for name in names)


def after(name: str, rules_with: RuleSet) -> str:
    """What becomes of a mail by other rules; a name that nothing bears any more is a change, too."""
    try:
        return observe(sample(name), rules_with)
    except (KeyError, IndexError) as fault:
        return repr(fault)


def test_every_key_is_in_one_of_the_two_lists_and_every_proof_exists() -> None:
    keys = {f"{cls.__name__}.{name}" for cls in CLASSES for name in field_types(cls) if name != BY_LOADER}
    assert keys - SEEN_IN.keys() - PROVED_BY.keys() == set()
    assert (SEEN_IN.keys() | PROVED_BY.keys()) - keys == set()
    for proof in PROVED_BY.values():
        file, _, name = proof.partition("::")
        assert (ROOT / file).exists(), proof
        assert not name or f"def {name}(" in (ROOT / file).read_text("utf-8"), proof


def test_a_mail_from_the_domain_of_a_city_office_is_its_own() -> None:
    office = shipped().rules.office
    cities = (replace(office.cities[0], domains=("waiban.example",)), *office.cities[1:])
    own = replace(shipped().rules, office=replace(office, cities=cities))
    mail = Sample("", sample("a slip called a slip").raw.replace(b"qingchuan.example", b"waiban.example"), MONDAY)
    assert observe(mail, own) != observe(mail, shipped().rules)


def test_the_office_is_known_by_all_its_numbers() -> None:
    office = shipped().rules.office
    written = "".join(file.read_text("utf-8") for file in sorted((ROOT / "templates").rglob("*.txt")))
    for key in ("advice_phone", "complaint_phone", "finance_phone"):
        assert f"office.{key}" in written, key
    assert office.complaint_phone


def with_office(**values: object) -> Configuration:
    """The shipped configuration of an office that says something else."""
    own = replace(shipped().rules, office=replace(shipped().rules.office, **values))  # type: ignore[arg-type]
    return replace(shipped(), rules=own)


def test_addresses_of_the_office_are_never_written_to(tmp_path: Path) -> None:
    with scenario_shells(with_office(own_addresses=("archiv@waiban.example",)), tmp_path, Clock(MONDAY)) as shells:
        assert "archiv@waiban.example" in shells.own_addresses


def test_the_digest_goes_to_staff(tmp_path: Path) -> None:
    with scenario_shells(with_office(staff_addresses=("staff@waiban.example",)), tmp_path, Clock(MONDAY)) as shells:
        queue_digest(shells)
        assert [entry.to for entry in shells.store.outbox()] == [("staff@waiban.example",)]


def test_a_prohibition_is_shown_with_its_title() -> None:
    person = replace(HE, fields=(said("job_title", "科员"),))
    case = case_of(ProcedureKey.NEW, people=(person,))
    judged = replace(case, assessment=assess(case, shipped().rules, MONDAY.date()))
    rows = CaseExplainer(shipped().rules, Renderer(*resource_folders("templates")), say).rows(judged)
    titles = {f"prohibited.{p.id}": p.title for p in shipped().rules.prohibitions}
    assert any(titles["prohibited.N2"] in row for row in rows)


@pytest.mark.parametrize("key", ["fields", "never_alone", "not_words", "values", "words"])
def test_each_key_of_a_prohibition_decides_a_flag(key: str) -> None:
    def flags(by: RuleSet) -> set[tuple[str, str]]:
        people = [replace(HE, fields=(said("job_title", t), said("employer", e))) for t, e in TITLES]
        graded = with_reading(paper("tax_proof"), "tax_grade", "D")
        cases = [case_of(ProcedureKey.NEW, people=(p,), documents=(graded,)) for p in people]
        return {(f.code, f.evidence) for c in cases for f in assess(c, by, MONDAY.date()).flags}

    assert flags(changed(shipped().rules, procedure.Prohibition, key)) != flags(shipped().rules)
