"""Every act, done and taken back: everything is as it was."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.acting import (
    act,
    desk,
    document,
    done,
    first,
    later,
    picture,
    stranger,
    two_cases,
    undone,
    without_new_letters,
)
from tests.support.acts import OTHER
from tests.support.worker import Office

from mailintake.app.act_words import act_title
from mailintake.model.act import (
    ACTS,
    Accept,
    AcceptWithGaps,
    Act,
    Answered,
    Approve,
    AskAgain,
    Assign,
    Close,
    DismissFlag,
    Edit,
    Extend,
    IsSpam,
    LinkTo,
    Merge,
    NewAtWindow,
    NoAction,
    Note,
    NotSpam,
    OpenCase,
    PhoneCall,
    PutBack,
    Read,
    Recall,
    Refuse,
    Refused,
    Reject,
    Relate,
    Reopen,
    Result,
    Rule,
    Said,
    SendAgain,
    SetCity,
    SetCompany,
    SetKind,
    SetOwner,
    SetProcedure,
    Split,
    Step,
    TickPaper,
    Unlink,
    Withdraw,
    Write,
)
from mailintake.model.case import DeadlineKind, State
from mailintake.model.procedure import ProcedureKey

Prepare = Callable[[Office, str, str], tuple[Act, str]]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with desk(tmp_path) as made:
        yield made


def after(*before: tuple[Act, str], then: Act, target: str = "") -> Prepare:
    """The act comes after others; targets may hold {one}, {two}, {mail}, {letter}."""

    def prepare(made: Office, one: str, two: str) -> tuple[Act, str]:
        words = {"one": one, "two": two, "mail": stranger(made), "letter": first(made)}
        for what, where in before:
            done(act(made, named(what, one, two), where.format(**words)))
        return then, (target or "{one}").format(**words)

    return prepare


def sent_gap(made: Office, one: str, _two: str) -> tuple[Act, str]:
    """The letter about what lacks is out, so that a period runs."""
    number = next(e.id for e in made.shells.store.outbox() if e.case == one)
    done(act(made, Approve(), str(number)))
    made.run()
    return Extend(DeadlineKind.CORRECTION, date(2026, 12, 1)), one


def failed(made: Office, _one: str, _two: str) -> tuple[Act, str]:
    done(act(made, Reject(), first(made)))
    return SendAgain(), first(made)


def on_paper(what: Act) -> Prepare:
    return lambda made, _one, two: (what, document(made, two))


def to_a_third(made: Office, one: str, _two: str) -> tuple[Act, str]:
    """The two know of each other already: they are about the same person."""
    third = done(act(made, NewAtWindow(("段一舟:EA7654321",)), "renew"))
    return Relate(third.cases[0]), one


def parked(made: Office, _one: str, _two: str) -> tuple[Act, str]:
    done(act(made, IsSpam(), stranger(made)))
    return NotSpam(), stranger(made)


def refused_once(made: Office, one: str, _two: str) -> tuple[Act, str]:
    done(act(made, Refuse("1.1"), one, by=OTHER.name))
    return Refuse(), one


def flagged(made: Office, one: str, _two: str) -> tuple[Act, str]:
    case = made.shells.store.case(one)
    assert case is not None
    assert case.assessment is not None
    codes = [f.code for f in (*case.assessment.flags, *case.flags)]
    return DismissFlag(codes[0]), one


P = ProcedureKey
EACH: dict[str, Prepare] = {
    "approve": after(then=Approve(), target="{letter}"),
    "edit": after(then=Edit("请同时带上护照原件。"), target="{letter}"),
    "reject": after(then=Reject(), target="{letter}"),
    "recall": after((Approve(), "{letter}"), then=Recall(), target="{letter}"),
    "send_again": failed,
    "write": after(then=Write("请下周来窗口。"), target="{mail}"),
    "result": after(then=Result("卡已制好。")),
    "accept": after(then=Accept(), target="{two}"),
    "accept_with_gaps": after(then=AcceptWithGaps()),
    "step": after((Accept(), "{two}"), then=Step(State.AT_MFA), target="{two}"),
    "refuse": refused_once,
    "withdraw": after(then=Withdraw()),
    "close": after(then=Close()),
    "reopen": after((Close(), "{one}"), then=Reopen()),
    "put_back": after((Accept(), "{two}"), then=PutBack(), target="{two}"),
    "set_procedure": after(then=SetProcedure(P.RENEW)),
    "set_company": after(then=SetCompany("鞍山远图科技有限公司")),
    "set_city": after(then=SetCity("鞍山")),
    "split": after(then=Split(("季云舟",)), target="{two}"),
    "merge": after(then=Merge("{one}"), target="{two}"),
    "relate": to_a_third,
    "assign": after(then=Assign(OTHER.name)),
    "note": after(then=Note("等法定代表人回国")),
    "phone_call": after(then=PhoneCall("已说明照片要求")),
    "extend": sent_gap,
    "read": after(then=Read()),
    "set_kind": on_paper(SetKind("photo")),
    "set_owner": on_paper(SetOwner("季云舟")),
    "rule": on_paper(Rule(Said.NOT_OK)),
    "dismiss_flag": flagged,
    "request": after(then=AskAgain()),
    "tick_paper": after(then=TickPaper("passport_original", "")),
    "new_at_window": after(then=NewAtWindow(("段一舟:EA7654321",), company="鞍山远图科技有限公司"), target="renew"),
    "link": after(then=LinkTo("{one}"), target="{mail}"),
    "unlink": after((LinkTo("{one}"), "{mail}"), then=Unlink("{one}"), target="{mail}"),
    "open_case": after(then=OpenCase(P.RENEW), target="{mail}"),
    "answered": after(then=Answered(), target="{mail}"),
    "no_action": after(then=NoAction(), target="{mail}"),
    "is_spam": after(then=IsSpam(), target="{mail}"),
    "not_spam": parked,
}


STAY = {
    "sent": "tests/worker/test_acting.py -k sent_by_hand",
    "erase": "tests/worker/test_erasing.py",
}


def named(what: Act, one: str, two: str) -> Act:
    """Numbers in the act's own fields."""
    match what:
        case Merge():
            return Merge(what.other.format(one=one, two=two))
        case Relate():
            return Relate(what.other.format(one=one, two=two))
        case LinkTo():
            return LinkTo(what.case.format(one=one, two=two))
        case Unlink():
            return Unlink(what.case.format(one=one, two=two))
        case _:
            return what


def test_every_act_has_its_test() -> None:
    assert {name for acts in ACTS.values() for name in acts} - set(EACH) == set(STAY)


def acts_document() -> str:
    """docs/acts.md: every act, and the test that does it and takes it back."""
    here = "tests/worker/test_acts.py"
    rows = [
        f"| {target.value} {name} | {act_title(name)} | `{STAY.get(name) or f'{here} -k {name}'}` |"
        for target, acts in ACTS.items()
        for name in acts
    ]
    head = (
        "# What people do, and its tests",
        "",
        "Written by `make docs`; a test holds it current. Every act is done and taken back by the test that is named,",
        "and everything is as it was: cases with people, papers, deadlines, reminders, links; letters; notices",
        "and fates of mails. Two exceptions: `sent`, a letter that is out stays out, and `erase`, which is for good.",
        f"Beside these, random acts in random order are taken back step by step (`{here} -k order`).",
        "",
        "| command | in words | done and taken back |",
        "|---|---|---|",
    )
    return "\n".join((*head, *rows, ""))


def test_the_page_of_acts_names_every_act_and_its_test() -> None:
    assert (Path(__file__).parents[2] / "docs" / "acts.md").read_text("utf-8") == acts_document()


@pytest.mark.parametrize("name", EACH)
def test_done_and_undone_leaves_everything_as_it_was(here: Office, name: str) -> None:
    one, two = two_cases(here)
    what, target = EACH[name](here, one, two)
    before = picture(here.shells.store)
    later(here, 1)
    made = done(act(here, named(what, one, two), target))
    assert name in ("note", "phone_call") or picture(here.shells.store) != before
    done(undone(here, made.event))
    assert without_new_letters(before, picture(here.shells.store)) == before
    assert here.shells.store.verify() == ()


ANY = st.lists(
    st.tuples(st.sampled_from(sorted(set(EACH) - {"extend", "merge", "unlink"})), st.integers(1, 5)),
    min_size=1,
    max_size=5,
)


@given(ANY)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_in_whatever_order_is_taken_back_step_by_step(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    with desk(tmp_path_factory.mktemp("random")) as here:
        one, two = two_cases(here)
        for name, hours in steps:
            later(here, hours)
            try:
                what, target = EACH[name](here, one, two)
            except (AssertionError, StopIteration, IndexError):
                continue  # what it needs is not there any more
            before = picture(here.shells.store)
            made = act(here, named(what, one, two), target)
            if isinstance(made, Refused):
                kept = picture(here.shells.store)
                if made.code == "letter.changed":  # a day went by: the letter was written anew and is shown first
                    kept["letters"] = before["letters"]
                assert kept == before
                continue
            between = picture(here.shells.store)
            after_it = done(act(here, SetCity("本溪"), two))
            done(undone(here, after_it.event))
            assert without_new_letters(between, picture(here.shells.store)) == between
            done(undone(here, made.event))
            assert without_new_letters(before, picture(here.shells.store)) == before
            again = undone(here, made.event)
            assert isinstance(again, Refused)
        assert here.shells.store.verify() == ()
