"""Words of business letters that happen to begin with a surname, or to follow a name closely: nobody is made of them.

`words_that_meet.txt` holds such sentences, written as people write and apart from the rules; `{A}` is who applies.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.config import load
from mailintake.model.rules import RuleSet

_NAME, _OTHER = "苗雪", "贺知秋"
_OWN = tuple(f"{_NAME}{paper}.jpg" for paper in ("照片", "签名", "护照"))
_THEIRS = tuple(f"{_OTHER}{paper}.jpg" for paper in ("照片", "签名", "护照"))
_NUMBERS = "护照号EA5550011，卡号CHN64711318，卡有效期2028-01-05"
_SENTENCES = tuple(Path(__file__).with_name("words_that_meet.txt").read_text("utf-8").splitlines())


@cache
def rules_() -> RuleSet:
    return load(None).rules


def found(subject: str, text: str, files: tuple[str, ...] = ()) -> set[str]:
    return {person.name for person in people_of(letter(subject, text, files), rules_()).applicants}


def ways(sentence: str) -> Iterator[tuple[set[str], set[str]]]:
    """Who applies and who is found: beside his own papers, beside somebody else's, with numbers close by."""
    said, unsaid = sentence.replace("{A}", _NAME), sentence.replace("{A}", "他").replace("APEC卡", "")
    yield {_NAME}, found(f"{_NAME}新办APEC卡", said, _OWN)
    yield {_NAME}, found(f"{_NAME}新办APEC卡", f"老师您好：\n{said}谢谢。")
    yield {_NAME}, found(f"{_NAME}新办APEC卡", f"{said.rstrip('。')}，{_NUMBERS}")
    yield {_OTHER}, found(f"{_OTHER}新办APEC卡", f"{_OTHER}新办。{unsaid}", _THEIRS)


@pytest.mark.parametrize("tenth", range(10))
def test_nobody_is_made_where_words_meet(tenth: int) -> None:
    made = [(s, names - who) for s in _SENTENCES[tenth::10] for who, names in ways(s) if names - who]
    assert not made


def test_the_one_who_applies_is_found_in_nearly_all_of_them() -> None:
    lost = [s for s in _SENTENCES for who, names in list(ways(s))[:3] if not who <= names]
    assert len(lost) <= len(_SENTENCES) // 100, lost


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("苗雪2024年入职我司任海外销售总监，护照号EA5550011，申请新办APEC卡。", {"苗雪"}),
        ("任海明2024年入职我司任海外销售总监，护照号EA5550011，申请新办APEC卡。", {"任海明"}),
        ("我司销售经理任海明因业务需要，申请新办APEC卡。", {"任海明"}),
        ("我公司任华明任外贸经理，申请新办APEC卡，护照号EA5550011。", {"任华明"}),
        ("申请人：任国安，新办APEC卡，护照号EA5550011。", {"任国安"}),
        ("任泰安（护照EA5550011）和于海外（护照EA5550012）新办APEC卡。", {"任泰安", "于海外"}),
        ("白雪急需出国，申请新办APEC卡。", {"白雪"}),
        ("党委研究同意林海生申办APEC卡，护照号EA5550011。", {"林海生"}),
    ],
)
def test_a_surname_that_is_a_verb_is_told_from_the_verb(text: str, names: set[str]) -> None:
    assert found("新办APEC卡", text) == names


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "我公司晏清（护照号EP4401706）、铁成（护照号EP4401714）的商旅卡正在审批，申请提前制卡。",
            {"晏清": "EP4401706", "铁成": "EP4401714"},
        ),
        ("晏清护照号EP4401706、虎威护照号EP4401714，新办APEC卡。", {"晏清": "EP4401706", "虎威": "EP4401714"}),
        ("我司墨林、果宁申请新办。护照号EP4401706、EP4401714。", {"墨林": "EP4401706", "果宁": "EP4401714"}),
        ("我公司晏清（护照号EP4401706）、附件（护照复印件）新办。", {"晏清": "EP4401706"}),
    ],
)
def test_a_rare_surname_behind_another_name_has_its_own_number(text: str, numbers: dict[str, str]) -> None:
    people = people_of(letter("APEC卡", text), rules_()).applicants
    assert {person.name: person.passport_no for person in people} == numbers


@pytest.mark.parametrize(
    "post", ["副总工程师", "总工程师", "总会计师", "高级经济师", "设计师", "项目总工程师", "造价工程师"]
)
@pytest.mark.parametrize(
    "text",
    [
        "我公司戚振海（男，1980年5月5日生，{post}，护照号EL7743012）的商旅卡在审批，需要提前制卡。",
        "戚振海系我公司{post}，护照号EL7743012，申请新办APEC卡。",
        "我司{post}戚振海新办APEC卡，护照号EL7743012。",
        "戚振海 {post} EL7743012 新办",
    ],
)
def test_the_end_of_a_post_is_nobody(post: str, text: str) -> None:
    people = people_of(letter("APEC卡", text.format(post=post)), rules_()).applicants
    assert [(person.name, person.passport_no) for person in people] == [("戚振海", "EL7743012")]
