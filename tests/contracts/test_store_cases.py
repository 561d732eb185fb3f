"""Cases and units: what is looked for, what commits together, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from tests.support.postgres import Cluster
from tests.support.stored import (
    LATER,
    NOW,
    NUMBER,
    Place,
    a_case,
    a_letter,
    add,
    an_event,
    ref,
    sha,
)

from mailintake.errors import AlreadyRunning, StoreBusy
from mailintake.model.case import Applicant, Case, Participant, State
from mailintake.model.codec import encode
from mailintake.model.letter import OutboxState
from mailintake.model.message import MessageRef
from mailintake.model.understanding import StaffNotice
from mailintake.store import rows
from mailintake.store.lock import instance_lock, service_of
from mailintake.store.open import SqlStore


def test_a_case_comes_back_as_it_was_and_is_replaced_whole(store: SqlStore) -> None:
    case = a_case()
    with store.begin() as unit:
        unit.save_case(case)
    assert store.case(NUMBER) == case
    closed = replace(case, state=State.CLOSED, participants=())
    with store.begin() as unit:
        unit.save_case(closed)
    assert store.case(NUMBER) == closed
    assert store.cases() == ()
    assert store.cases(open_only=False) == (closed,)
    assert store.candidates((), (), "lin@company.example", "", ()).by_sender == ()


def test_cases_are_listed_oldest_first_and_searched_by_number_company_and_people(store: SqlStore) -> None:
    first = a_case()
    second = a_case("ABTC-2026-0002", company="大连远帆贸易有限公司", applicants=(), opened_at=LATER)
    with store.begin() as unit:
        unit.save_case(second)
        unit.save_case(first)
    assert store.cases() == (first, second)
    assert [found.number for found in store.summaries(limit=1)] == [second.number]
    searches: dict[str, tuple[Case, ...]] = {
        "远帆": (second,),
        "abtc-2026-0001": (first,),
        "周望": (first,),
        "ea 7654321": (first,),
    }
    searches |= {"lin xiaoman": (first,), "%": (), "-": (), "nobody": ()}
    for words, expected in searches.items():
        assert store.cases(search=words) == expected, words


@pytest.mark.parametrize("words", ["林", "林小满", "lin xiaoman", "林 远帆", "林 无人", "琥珀"])
def test_a_word_that_many_cases_have_finds_the_same_cases(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    with store.begin() as unit:
        for number in range(1, 6):
            company = "大连远帆贸易有限公司" if number % 2 else "沈阳晴川机械有限公司"
            at = LATER + timedelta(days=number)
            unit.save_case(a_case(f"ABTC-2026-000{number}", company=company, opened_at=at))
    rare = store.summaries(open_only=False, search=words, limit=2)
    monkeypatch.setattr("mailintake.store.reads_cases.FREQUENT", 3)
    assert store.summaries(open_only=False, search=words, limit=2) == rare
    assert len(rare) == (0 if words in ("林 无人", "琥珀") else 2)


@pytest.mark.parametrize(
    "written", ["EA7654321", "ea 7654 321", "林小满", "LIN XIAOMAN", "CHN30000001", "EA1111111", "ＥＡ７６５４３２２"]
)
def test_a_person_is_found_in_any_case_however_name_or_number_is_written(store: SqlStore, written: str) -> None:
    case = a_case(state=State.CLOSED)
    with store.begin() as unit:
        unit.save_case(case)
    assert store.candidates((), (), "", "", (written, "EA0000000", "-")).by_person == (case,)


def test_candidates_gather_token_number_sender_and_company(store: SqlStore) -> None:
    case = a_case()
    shut = a_case("ABTC-2026-0002", state=State.CLOSED)
    with store.begin() as unit:
        unit.save_case(case)
        unit.save_case(shut)
        unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
        unit.queue_letter(a_letter("<l2@office.example>", case=""), OutboxState.READY, NOW, NOW)
    tokens = ("<x@y>", "<l2@office.example>", "<l1@office.example>", "<l1@office.example>")
    found = store.candidates(tokens, ("ABTC-2026-0002", "ABTC-1999-0001"), "LIN@company.example", "company.example", ())
    assert [sent.message_id for sent in found.by_token] == ["<l2@office.example>", "<l1@office.example>"]
    assert found.by_token[1].to == ("lin@company.example",)
    assert found.token_cases == (case,)
    assert found.by_number == (shut,)
    assert found.by_sender == (case,)
    assert found.by_company_domain == (case,)
    assert found.by_person == ()
    nothing = store.candidates((), (), "", "", ())
    assert nothing == type(nothing)()


def test_what_a_unit_wrote_it_also_reads_but_nobody_else_before_the_commit(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.save_case(a_case())
        unit.note_mailbox("k", fault="new")
        assert store.case(NUMBER) == a_case()
        with ThreadPoolExecutor(1) as other:
            assert other.submit(store.case, NUMBER).result() is None
            assert other.submit(store.mailbox, "k").result().fault == ""
    assert store.mailbox("k").fault == "new"


def test_a_unit_that_fails_leaves_nothing(store: SqlStore) -> None:
    def fail() -> None:
        with store.begin() as unit:
            unit.add_message(sha(1), ref(1), 1, NOW)
            unit.save_case(a_case())
            unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
            unit.add_notice(StaffNotice("x", "y"), NOW)
            unit.log(an_event())
            unit.note_mailbox("k", fault="v")
            assert unit.next_number(2026) == 1
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()
    assert (store.messages(), store.cases(), store.outbox(), store.notices(), store.events()) == ((), (), (), (), ())
    assert store.mailbox("k").fault == ""
    with store.begin() as unit:
        assert unit.next_number(2026) == 1


def test_units_do_not_nest(store: SqlStore) -> None:
    with store.begin(), pytest.raises(RuntimeError, match="open in this thread"), store.begin():
        pass
    with store.begin() as unit:
        unit.note_mailbox("k", fault="v")


def test_numbers_have_no_gaps_and_updates_are_not_lost_between_threads(store: SqlStore) -> None:
    def sixty() -> list[int]:
        given = []
        for _ in range(60):
            with store.begin() as unit:
                given.append(unit.next_number(2026))
                unit.note_mailbox("k", recorded=(store.mailbox("k").recorded or 0) + 1)
        return given

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for done in [pool.submit(sixty) for _ in range(4)] for number in done.result()]
    assert sorted(numbers) == list(range(1, 241))
    assert store.mailbox("k").recorded == 240
    with store.begin() as unit:
        assert unit.next_number(2027) == 1


def test_times_come_back_in_utc_and_naive_ones_are_refused(store: SqlStore) -> None:
    china = timezone(timedelta(hours=8))
    moment = datetime(2026, 2, 28, 7, 59, 59, 123456, tzinfo=china)
    with store.begin() as unit:
        unit.add_message(sha(1), ref(1), 1, moment)
    (row,) = store.messages()
    assert row.received_at == moment
    assert row.received_at.tzinfo is UTC
    with pytest.raises(ValueError, match="without a zone"), store.begin() as unit:
        unit.add_message(sha(2), ref(2), 1, datetime(2026, 1, 1))


def test_a_unit_that_waits_too_long_for_another_says_busy(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailintake.store.engine.BUSY_SECONDS", 0.1)
    store, other = place.open(), place.open()
    with store.begin(), pytest.raises(StoreBusy), other.begin():
        pass
    with other.begin() as unit:
        unit.note_mailbox("k", fault="v")
    assert store.mailbox("k").fault == "v"
    other.close()
    store.close()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_database_server_that_drops_us_is_asked_again(postgres: Cluster, tmp_path: Path) -> None:
    postgres.run("CREATE DATABASE dropped")
    place = Place(postgres.url("dropped"), tmp_path)
    store = place.open()

    def interrupted() -> None:
        with store.begin() as unit:
            postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'dropped'")
            unit.note_mailbox("k", fault="lost")

    with pytest.raises(StoreBusy, match="does not answer"):
        interrupted()
    assert store.mailbox("k").fault == ""
    store.close()


def test_only_one_instance_holds_the_lock_of_a_database(place: Place) -> None:
    assert not service_of(place.url).running
    with instance_lock(place.url):
        assert service_of(place.url).running
        with pytest.raises(AlreadyRunning, match="another instance"), instance_lock(place.url):
            pass
        place.open().close()
    with instance_lock(place.url):
        pass


def test_a_number_is_found_behind_any_count_of_cases_of_people_of_the_same_name(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailintake.store.reads_cases._MOST", 2)
    with store.begin() as unit:
        for number in range(4):
            people = (Applicant("a1", "林小满", passport_no=f"EA100000{number}"),)
            unit.save_case(a_case(f"ABTC-2026-000{number}", applicants=people, opened_at=NOW + timedelta(days=number)))
    found = store.candidates([], [], "", "", ["林小满", "EA1000000"])
    assert [case.number for case in found.by_person] == ["ABTC-2026-0000", "ABTC-2026-0002", "ABTC-2026-0003"]


def test_a_case_is_found_by_what_it_says_now_however_often_it_is_written(store: SqlStore) -> None:
    first, second = add(store, 1), add(store, 2)
    case = a_case(messages=(first,))
    paper = replace(case.documents[0], sha256=sha(99))
    changes: tuple[dict[str, Any], ...] = (
        {"state": State.COMPLETE},
        {"company": "大连远帆贸易有限公司"},
        {"participants": (Participant("other@branch.example", "霍云舟"),)},
        {"applicants": (replace(case.applicants[0], passport_no="EB0000001"),)},
        {"documents": (paper,)},
        {"messages": (first, second)},
    )
    with store.begin() as unit:
        unit.save_case(case)
    for change in changes:
        case = replace(case, **change)
        with store.begin() as unit:
            unit.save_case(case)
            unit.save_case(case)
        found = store.case(NUMBER)
        assert found is not None
        assert store.verify() == (), change
    assert store.cases(search="远帆") == store.cases(search="EB0000001") == (found,)
    assert store.cases(search="晴川") == store.cases(search="周望舒") == ()


def test_what_no_database_takes_is_sealed_as_it_is_kept(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.save_case(a_case(company="沈阳\0某\ud800公司", messages=()))
        place = MessageRef("box", "a\0b" + "长" * 600, 1, 1)
        unit.add_message(store.files.put_bytes(b"mail"), place, 4, NOW)
    assert store.verify() == ()


def test_a_case_is_read_as_it_was_written_also_by_who_did_not_write_it(store: SqlStore) -> None:
    case = a_case(messages=())
    with store.begin() as unit:
        unit.save_case(case)
    here = store.case(case.number)
    rows._cases.clear()
    assert store.case(case.number) == here == case
    assert encode(store.case(case.number)) == encode(here)
