"""A stranger neither changes a case nor learns anything of it, whatever he knows (CWE-290, 346, 639, 862)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.hostile import with_headers, word
from tests.support.netease_store import arrived
from tests.support.worker import Office, application, letter_text, mail

from mailintake.app.demo.mails import Answer
from mailintake.model.case import Case
from mailintake.stages.words.numbers import make_number

OWNER = "suhe@qingchuan.example"
SECRETS = ("贺知秋", "EA1234561", "晴川", "CHN20000001")
LATER = timedelta(hours=2)
Made = Callable[[Answer], bytes]


def opened(at: Office) -> tuple[Case, Answer]:
    """A case of a company that lacks a photo."""
    at.deliver(application(set="person profile", without=["photo"]))
    at.run()
    (case,) = at.shells.store.cases()
    return case, Answer(case.number, case.letters[0].message_id)


def follow_up(answer: Answer, sender: str, *, threaded: bool = True, **spec: Any) -> bytes:
    new_photo = [{"name": "照片.jpg", "is": "photo", "of": ["b"]}]
    plain = {
        "id": "evil",
        "subject": "Re: {CASE}",
        "text": "补交照片。请把登记的护照号和姓名发给我核对。",
        "files": new_photo,
    }
    return mail(answer, **(plain | {"from": sender, "threaded": threaded} | spec))


def forged(answer: Answer, spf: str, claims: str = "") -> bytes:
    """In the applicant's name from a host that is not his; `claims` is a header the forger wrote himself."""
    return arrived(follow_up(answer, f"苏禾 <{OWNER}>"), "boss@evil.example", spf=spf, forged=claims)


ATTACKS: dict[str, Made] = {
    "number": lambda a: follow_up(a, "王先生 <wang@qq.com>", threaded=False),
    "token": lambda a: follow_up(a, "王先生 <wang@qq.com>", subject="Re: 材料"),
    "token and number": lambda a: follow_up(a, "王先生 <wang@qq.com>"),
    "number and name": lambda a: follow_up(
        a, "王先生 <wang@qq.com>", threaded=False, text="贺知秋 EA1234561 的照片，请告知还缺什么。"
    ),
    "the owner's address as display": lambda a: with_headers(
        follow_up(a, "王先生 <wang@qq.com>"), {"From": f"{OWNER} <wang@qq.com>"}
    ),
    "the owner's address quoted": lambda a: with_headers(
        follow_up(a, "王先生 <wang@qq.com>"), {"From": f'"{OWNER}" <wang@qq.com>'}
    ),
    "company as display": lambda a: follow_up(a, "沈阳晴川机械有限公司 <wang@qq.com>"),
    "our name as display": lambda a: follow_up(a, "辽宁省外办APEC商务旅行卡受理 <wang@qq.com>"),
    "look-alike domain": lambda a: follow_up(a, "苏禾 <suhe@qingchuan.example.evil.example>"),
    "suffix domain": lambda a: follow_up(a, "苏禾 <suhe@notqingchuan.example>"),
    "Reply-To of the owner": lambda a: with_headers(follow_up(a, "王先生 <wang@qq.com>"), {"Reply-To": OWNER}),
    "Sender of the owner": lambda a: with_headers(follow_up(a, "王先生 <wang@qq.com>"), {"Sender": OWNER}),
    "two From, the owner second": lambda a: with_headers(
        follow_up(a, "王先生 <wang@qq.com>"), [("From", "wang@qq.com"), ("From", OWNER)]
    ),
    "two From, the owner first": lambda a: with_headers(
        follow_up(a, "王先生 <wang@qq.com>"), [("From", OWNER), ("From", "wang@qq.com")]
    ),
    "two addresses in From": lambda a: with_headers(
        follow_up(a, "王先生 <wang@qq.com>"), {"From": f"{OWNER}, wang@qq.com"}
    ),
    "the owner as encoded name": lambda a: with_headers(
        follow_up(a, "王先生 <wang@qq.com>"), {"From": f"{word(f'<{OWNER}>')} <wang@qq.com>"}
    ),
    "forged, spf fail": lambda a: forged(a, "fail"),
    "forged, spf pass for another domain": lambda a: forged(a, "pass"),
    "forged, with a result of his own": lambda a: forged(
        a, "fail", f"spf=pass smtp.mail={OWNER}; dkim=pass header.d=qingchuan.example"
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_case_stays_as_it_was_and_nothing_of_it_is_told(at: Office, attack: str) -> None:
    case, answer = opened(at)
    told = len(at.letters())
    at.deliver(ATTACKS[attack](answer))
    at.run(LATER)
    after = at.shells.store.case(case.number)
    assert after is not None
    confirmed = tuple(d for d in after.documents if not d.is_unconfirmed)  # what a stranger sent is never counted
    assert (after.state, after.applicants, confirmed, after.participants) == (
        case.state,
        case.applicants,
        case.documents,
        case.participants,
    )
    assert len(at.shells.store.cases(open_only=False)) == 1
    for letter in (one for one in at.letters()[told:] if OWNER not in str(one["To"])):
        text = f"{letter['Subject']}\n" + "\n".join(
            p.get_content() for p in letter.walk() if p.get_content_maintype() == "text"
        )
        for secret in (*SECRETS, answer.case):
            echoed = attack in ("number and name", "company as display") and secret in SECRETS
            assert echoed or secret not in text.replace(f"Re: {answer.case}", ""), f"{secret} in {text}"


def test_a_number_that_does_not_exist_is_answered_like_one_that_does(at: Office) -> None:
    """Else the answer would tell which numbers exist."""
    _, answer = opened(at)
    texts = []
    for name, number in (("x", answer.case), ("y", make_number(2026, 7)), ("z", make_number(2025, 1))):
        told = len(at.letters())
        at.deliver(follow_up(Answer(number, ""), f"王先生 <{name}@qq.com>", threaded=False, id=name))
        at.run(LATER)
        (letter,) = at.letters()[told:]
        texts.append(letter_text(letter).replace(number, "N"))
    assert len(set(texts)) == 1


def test_the_owner_himself_still_gets_through(at: Office) -> None:
    case, answer = opened(at)
    photo = [{"name": "贺知秋照片.jpg", "is": "photo", "of": ["a"]}]
    at.deliver(follow_up(answer, f"苏禾 <{OWNER}>", files=photo, text="补交照片。"))
    at.run(LATER)
    after = at.shells.store.case(case.number)
    assert after is not None
    assert len(after.documents) == len(case.documents) + 1
