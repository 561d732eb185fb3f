"""Papers with the truth about them: what they say, and what is wrong with them in which case. All by seed."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.support.papers import CENTRE, MFA, Fee, Person, company, person
from tests.support.papers_layouts import (
    CERTIFICATES,
    INSURANCES,
    SLIPS,
    bank_slip,
    both_slips,
    crime_certificate,
    insurance_list,
)
from tests.support.papers_sheet import Sheet

RECEIVED = date(2026, 11, 9)
Truth = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Asked:
    """One case the paper is held against, and the finding codes that are true of it there (none: it is in order)."""

    kind: str
    who: Person
    employer: str
    faults: frozenset[str] = frozenset()
    people: int = 1
    received: date = RECEIVED


@dataclass(frozen=True)
class Specimen:
    """One file. `group` and `medium` name its line in the report; `truth` is what a reader should find."""

    group: str
    medium: str
    name: str
    data: bytes
    asked: tuple[Asked, ...]
    truth: Truth = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """A sheet before it becomes a file."""

    group: str
    sheet: Sheet
    truth: Truth
    asked: tuple[Asked, ...]


def faults(*codes: str) -> frozenset[str]:
    """Finding codes."""
    return frozenset(codes)


def papers(seed: int) -> Iterator[Paper]:
    """Papers of all kinds in turn, without end."""
    number = 0
    while True:
        for make in (slip_paper, passport_paper, certificate_paper, slip_paper, insurance_paper, company_paper):
            number += 1
            yield make(seed * 100_003 + number)


def slip_paper(seed: int) -> Paper:
    """A slip, right or wrong in one way, held against several cases of which at most one is its own."""
    rng = random.Random(f"slip {seed}")
    fee, other = rng.sample((MFA, CENTRE), 2)
    kind, wrong_kind = (_KIND[f.account] for f in (fee, other))
    people, payer, who = rng.randint(1, 6), company(seed), person(seed)
    day, layout = RECEIVED - timedelta(days=rng.randint(1, 20)), rng.choice(SLIPS)
    way = rng.choice(("right",) * 5 + ("amount", "digit", "private", "refund", "failed", "both"))

    def ask(k: str, n: int, *codes: str) -> Asked:
        return Asked(k, who, payer, faults(*codes), n)

    amount, shown = fee.each * people, fee
    wrong: tuple[Asked, ...] = (
        ask(kind, people % 6 + 1, "slip.amount"),
        ask(wrong_kind, people, "slip.account", "slip.amount"),
    )
    if way == "both":
        sheet = both_slips(fee, other, people, payer, day, rng.choice(("list", "stacked", "english")))
        accounts, amounts = (fee.account, other.account), (str(amount), str(other.each * people))
        truth = {"payee_account": accounts, "amount_cny": amounts, "payer": (payer,)}
        cases = ask(kind, people), ask(wrong_kind, people), ask(wrong_kind, people % 6 + 1, "slip.amount")
        return Paper("slip, two on a page", sheet, truth, cases)
    first = ask(kind, people)
    if way == "amount":
        amount += rng.choice((-720, 720, 1, -10, 80, 1000))
        first, wrong = ask(kind, people, "slip.amount"), ()
    elif way == "digit":
        shown = Fee(fee.payee, _one_digit_off(fee.account, rng), fee.bank, fee.each)
        first, wrong = ask(kind, people, "slip.account"), ()
    elif way == "private":
        shown = Fee("某某商务咨询服务部", f"62220202000{rng.randint(10**7, 10**8 - 1)}", "虚构银行样本支行", fee.each)
        first, wrong = ask(kind, people, "slip.account"), ()
    sheet = bank_slip(shown, people, payer, day, layout, amount=amount)
    truth = {
        "payee_account": (shown.account,), "amount_cny": (str(amount),), "transaction_date": (day.isoformat(),),
        "payee": (_shown(shown.payee, layout),), "payer": (_shown(payer, layout),),
    }  # fmt: skip
    if way == "refund":
        sheet, truth = _refund(fee, payer, day, amount), {}
        first, wrong = ask(kind, people, "slip.account"), ()
    if way == "failed":
        sheet.say(60, max(t.y for t in sheet.texts) + 40, rng.choice(("交易失败", "状态：待复核", "已退回")))
        first, wrong = ask(kind, people, "slip.amount"), ()
    return Paper("slip", sheet, truth, (first, *wrong))


_KIND = {MFA.account: "remittance_mfa", CENTRE.account: "remittance_centre"}


def _one_digit_off(account: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(account))
    return account[:at] + str((int(account[at]) + rng.randint(1, 9)) % 10) + account[at + 1 :]


def _shown(name: str, layout: str) -> str:
    """Phones cut long names."""
    return name[: {"screen": 14, "details": 18, "dark": 13}.get(layout, 99)]


def _refund(fee: Fee, payer: str, day: date, amount: int) -> Sheet:
    """Money that went back: the office's account pays."""
    rows = (
        ("付款人", fee.payee), ("付款账号", fee.account), ("收款人", payer), ("收款账号", "211936207461841"),
        ("金额", f"￥{amount:,}.00"), ("交易时间", day.isoformat()),
    )  # fmt: skip
    sheet = Sheet().say(230, 60, "客户回单", 18)
    for row, (label, value) in enumerate(rows):
        sheet.say(60, 140 + 26 * row, label).say(190, 140 + 26 * row, value)
    return sheet


def passport_paper(seed: int) -> Paper:
    """A passport page against its holder, a namesake's number, a stranger, and later days."""
    from tests.support.papers import passport_page

    who, stranger, employer = person(seed), person(seed + 7), company(seed)
    rng = random.Random(f"passport {seed}")
    near = _renumbered(who, who.passport_no[:-1] + str((int(who.passport_no[-1]) + rng.randint(1, 9)) % 10))
    kind = "passport_page"
    late = who.expiry - timedelta(days=rng.randint(5, 340))
    asked = (
        Asked(kind, who, employer, faults() if _a_year_left(who) else faults("passport.expiring")),
        Asked(kind, near, employer, faults("passport.mismatch")),
        Asked(kind, stranger, employer, faults("passport.mismatch")),
        Asked(kind, who, employer, faults("passport.expiring"), received=late),
        Asked(kind, who, employer, faults("passport.expired"), received=who.expiry + timedelta(days=30)),
    )
    truth = {
        "passport_no": (who.passport_no,), "name_zh": (who.name_zh,), "name_pinyin": (who.pinyin,), "sex": (who.sex,),
        "birth_date": (who.birth.isoformat(),), "expiry_date": (who.expiry.isoformat(),), "nationality": ("CHN",),
        "passport_issue_date": (who.issued.isoformat(),),
    }  # fmt: skip
    return Paper("passport page", passport_page(who), truth, asked)


def _a_year_left(who: Person) -> bool:
    return who.expiry >= RECEIVED.replace(year=RECEIVED.year + 1)


def _renumbered(who: Person, number: str) -> Person:
    from dataclasses import replace

    return replace(who, passport_no=number)


def certificate_paper(seed: int) -> Paper:
    """No criminal record: of its person, of another one, too old, with a record."""
    rng = random.Random(f"certificate {seed}")
    who, stranger, employer = person(seed), person(seed + 7), company(seed)
    record = rng.random() < 0.2
    issued = RECEIVED - timedelta(days=rng.randint(2, 85))
    kind, true = "no_criminal_record", ("certificate.has_record",) if record else ()
    layout = rng.choice(CERTIFICATES)
    asked = (
        Asked(kind, who, employer, faults(*true)),
        Asked(kind, stranger, employer, faults(*true, "certificate.mismatch")),
        Asked(
            kind,
            who,
            employer,
            faults(*true, "certificate.expired"),
            received=issued + timedelta(days=rng.randint(95, 400)),
        ),
    )
    truth = {
        "name_zh": (who.name_zh,), "id_no": (who.id_no,), "issue_date": (issued.isoformat(),),
        "has_record": ("yes" if record else "no",),
    }  # fmt: skip
    return Paper("certificate", crime_certificate(who, issued, layout, record=record), truth, asked)


def insurance_paper(seed: int) -> Paper:
    """Social insurance: enough months or not, its person and employer or others."""
    rng = random.Random(f"insurance {seed}")
    who, stranger, employer = person(seed), person(seed + 7), company(seed)
    months, until = rng.choice((3, 4, 5, 5, 5, 6, 6, 7, 9, 12, 14)), date(2026, rng.randint(8, 10), 15)
    kind, short = "social_insurance", ("insurance.short",) if months < 6 else ()
    asked = (
        Asked(kind, who, employer, faults(*short)),
        Asked(kind, stranger, employer, faults(*short, "insurance.name")),
        Asked(kind, who, company(seed + 7), faults(*short, "insurance.employer")),
    )
    truth = {
        "name_zh": (who.name_zh,), "id_no": (who.id_no,), "insured_months": (str(months),), "employer": (employer,),
        "insured_to": (f"{until:%Y-%m}",),
    }  # fmt: skip
    sheet = insurance_list(who, employer, until, months, rng.choice(INSURANCES))
    return Paper("insurance", sheet, truth, asked)


def company_paper(seed: int) -> Paper:
    """Licence, tax proof, trade evidence, letters, cards and loss reports in turn."""
    rng = random.Random(f"company {seed}")
    make: tuple[Callable[[int, random.Random], Paper], ...] = (_licence, _tax, _trade, _letter, _card, _police)
    return make[seed // 6 % len(make)](seed, rng)


def _licence(seed: int, rng: random.Random) -> Paper:
    from tests.support.papers import licence

    who, employer = person(seed), company(seed)
    code = "91210100MA0" + "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(6))
    code += _code_check(code)
    truth = {"employer": (employer,), "company_code": (code,), "legal_person": (who.name_zh,)}
    return Paper("licence", licence(employer, who.name_zh, code), truth, (Asked("business_licence", who, employer),))


def _code_check(first: str) -> str:
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return letters[-sum(letters.index(c) * pow(3, i, 31) for i, c in enumerate(first)) % 31]


def _tax(seed: int, rng: random.Random) -> Paper:
    from tests.support.papers import tax_proof

    employer, grade = company(seed), rng.choice("ABMCD")
    true = faults("tax.grade") if grade in "CD" else faults()
    truth = {"employer": (employer,), "tax_grade": (grade,), "tax_year": ("2025",)}
    return Paper(
        "tax proof", tax_proof(employer, grade, 2025), truth, (Asked("tax_proof", person(seed), employer, true),)
    )


def _trade(seed: int, rng: random.Random) -> Paper:
    from tests.support.papers import contract

    employer, (economy, code) = company(seed), rng.choice((("日本", "JPN"), ("越南", "VNM"), ("新加坡", "SGP")))
    truth = {"employer": (employer,), "economies": (code,)}
    return Paper("trade", contract(employer, economy), truth, (Asked("trade_evidence", person(seed), employer),))


def _letter(seed: int, rng: random.Random) -> Paper:
    from tests.support.papers import LETTERS, letter

    kinds = {"new": "company_letter", "replacement": "replacement_request", "cancel": "cancellation_request"}
    style = rng.choice(sorted(kinds.keys() & LETTERS.keys()))
    people, employer = [person(seed + i) for i in range(rng.randint(1, 3))], company(seed)
    number = f"CHN{rng.randint(10**7, 10**8 - 1)}"
    truth = {
        "letter_kind": (kinds[style],), "employer": (employer,), "name_zh": tuple(p.name_zh for p in people),
        "passport_no": tuple(p.passport_no for p in people),
    }  # fmt: skip
    if style != "new":
        truth |= {"card_no": (number,), "card_expiry": ("2028-03-01",)}
    sheet = letter(style, people, employer, RECEIVED, card_no=number)
    return Paper("letter", sheet, truth, (Asked(kinds[style], people[0], employer),))


def _card(seed: int, rng: random.Random) -> Paper:
    from tests.support.papers import card

    who, number, until = person(seed), f"CHN{rng.randint(10**7, 10**8 - 1)}", date(2027, rng.randint(1, 12), 25)
    truth = {"card_no": (number,), "card_expiry": (until.isoformat(),), "passport_no": (who.passport_no,)}
    return Paper("card", card(who, number, until), truth, (Asked("card_both_sides", who, company(seed)),))


def _police(seed: int, rng: random.Random) -> Paper:
    from tests.support.papers import police_report

    who, number = person(seed), f"CHN{rng.randint(10**7, 10**8 - 1)}"
    asked = (
        Asked("police_loss_report", who, company(seed)),
        Asked("police_loss_report", person(seed + 7), company(seed), faults("police.mismatch")),
    )
    truth = {"name_zh": (who.name_zh,), "passport_no": (who.passport_no,), "card_no": (number,)}
    return Paper("police report", police_report(who, RECEIVED, number), truth, asked)
