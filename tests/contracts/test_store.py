"""Every promise of store/port.py, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.postgres import Cluster, cluster
from tests.support.stored import (
    LATER,
    NOW,
    a_case,
    a_decision,
    a_letter,
    a_message,
    an_event,
    ref,
    sha,
    some_facts,
)

from mailintake.errors import StoreUnusable
from mailintake.model.case import State
from mailintake.model.facts import TextFacts, TextLine
from mailintake.model.letter import OutboxState
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Disposition, StaffNotice
from mailintake.store.open import SqlStore, open_store

DATABASES = (
    "sqlite",
    pytest.param("postgresql", marks=(pytest.mark.postgres, pytest.mark.xdist_group("postgres"))),
)
NUMBER = "ABTC-2026-0001"


@dataclass(frozen=True)
class Place:
    """Where a store lives, so that a test can open it again."""

    url: str
    files: Path

    def open(self) -> SqlStore:
        return open_store(self.url, self.files)

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster() as running:
        running.run("CREATE DATABASE migrated")
        open_store(running.url("migrated"), tmp_path_factory.mktemp("files")).close()
        yield running


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(f"sqlite:///{tmp_path}/data/mailintake.db", tmp_path / "originals")
    running: Cluster = request.getfixturevalue("server")
    return Place(running.url(running.create("migrated")), tmp_path / "originals")


@pytest.fixture
def store(place: Place) -> Iterator[SqlStore]:
    opened = place.open()
    yield opened
    opened.close()


def add(store: SqlStore, number: int, data: bytes | None = None) -> str:
    """A mail that arrived; gives its sha256."""
    sha256 = store.files.put_bytes(data or f"mail {number}".encode())
    with store.begin() as unit:
        unit.add_message(sha256, ref(number), 6, NOW)
    return sha256


def break_rows(store: SqlStore, *statements: str) -> None:
    """Somebody works on the tables by hand."""
    with store._engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


# mails


def test_the_same_bytes_are_one_mail_however_often_they_come(store: SqlStore) -> None:
    with store.begin() as unit:
        assert unit.add_message(sha(1), ref(5), 100, NOW)
        assert not unit.add_message(sha(1), ref(9, "Archive"), 100, LATER)
    with store.begin() as unit:
        assert not unit.add_message(sha(1), ref(5), 100, LATER)
    (row,) = store.messages()
    assert (row.status, row.received_at, row.attempts, row.disposition) == ("received", NOW, 0, None)
    assert set(row.refs) == {ref(5), ref(9, "Archive")}


def test_known_uids_are_those_of_that_folder_and_validity(store: SqlStore) -> None:
    with store.begin() as unit:
        for number, place in enumerate((ref(1), ref(2), ref(3, "Spam"), ref(4, uidvalidity=2))):
            unit.add_message(sha(number), place, 1, NOW)
    assert store.known_uids("office", "INBOX", 1) == {1, 2}
    assert store.known_uids("office", "INBOX", 2) == {4}
    assert store.known_uids("other", "INBOX", 1) == set()


def test_a_uid_that_now_holds_other_bytes_names_the_newer_mail(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.add_message(sha(1), ref(5), 1, NOW)
        unit.add_message(sha(2), ref(5), 1, NOW)
    first, second = store.message(sha(1)), store.message(sha(2))
    assert first is not None
    assert second is not None
    assert (first.refs, second.refs) == ((), (ref(5),))


def test_a_mail_is_found_by_id_hash_prefix_and_message_id(store: SqlStore) -> None:
    number = store.message(add(store, 1)).id  # type: ignore[union-attr]
    with store.begin() as unit:
        unit.add_message("ab" * 32, ref(2), 1, NOW)
        unit.add_message("ab" * 31 + "cd", ref(3), 1, NOW)
        unit.finish_message(number, a_message(sha(9)), a_decision(sha(9)), NOW)
    found = store.message(str(number))
    assert found is not None
    for name in (found.sha256, found.sha256[:8], found.sha256.upper(), "<m1@company.example>", "m1@company.example"):
        assert store.message(name) == found, name
    for name in ("ab" * 8, found.sha256[:7], "99", "<unknown@x>", "nothing at all", ""):
        assert store.message(name) is None, name


def test_the_fate_of_a_mail_and_what_it_was_are_kept(store: SqlStore) -> None:
    sha256 = add(store, 1)
    row = store.claim_next(NOW)
    assert row is not None
    message, case = a_message(sha256), a_case(messages=(sha256,))
    with store.begin() as unit:
        assert unit.start_processing(row.id, NOW) == 1
        unit.save_case(case)
        unit.finish_message(row.id, message, a_decision(sha256, case), LATER, "why")
    done = store.message(sha256)
    assert done is not None
    assert (done.status, done.disposition, done.message_class) == ("done", Disposition.CASE_OPENED, "application")
    assert (done.subject, done.sender) == ("申请新办 ?", "lin@company.example")
    assert (done.cases, done.reason, done.attempts) == ((NUMBER,), "why", 1)
    assert store.reading(sha256) == message
    assert store.reading(sha(5)) is None


def test_messages_are_listed_newest_first_by_status(store: SqlStore) -> None:
    hashes = [add(store, number) for number in range(3)]
    first = store.claim_next(NOW)
    assert first is not None
    with store.begin() as unit:
        unit.quarantine_message(first.id, "reader failed", LATER)
    assert [row.sha256 for row in store.messages(limit=2)] == [hashes[2], hashes[1]]
    (aside,) = store.messages("quarantined")
    assert (aside.sha256, aside.reason, aside.disposition) == (hashes[0], "reader failed", Disposition.QUARANTINED)


# the queue


def test_mails_are_claimed_oldest_first_and_once(store: SqlStore) -> None:
    hashes = [add(store, number) for number in range(3)]
    claimed = [store.claim_next(NOW) for _ in range(4)]
    assert [row and row.sha256 for row in claimed] == [*hashes, None]
    assert claimed[0] is not None
    assert claimed[0].status == "processing"


def test_a_retried_mail_waits_for_its_time_and_does_not_block_the_others(store: SqlStore) -> None:
    poison, healthy = add(store, 1), add(store, 2)
    row = store.claim_next(NOW)
    assert row is not None
    assert row.sha256 == poison
    with store.begin() as unit:
        unit.start_processing(row.id, NOW)
        unit.retry_message(row.id, NOW + timedelta(minutes=5), "busy")
    following = store.claim_next(NOW)
    assert following is not None
    assert following.sha256 == healthy
    assert store.claim_next(NOW) is None
    again = store.claim_next(NOW + timedelta(minutes=5))
    assert again is not None
    assert (again.sha256, again.attempts, again.reason) == (poison, 1, "busy")


def test_a_quarantined_mail_comes_back_only_when_released(store: SqlStore) -> None:
    add(store, 1)
    row = store.claim_next(NOW)
    assert row is not None
    with store.begin() as unit:
        unit.start_processing(row.id, NOW)
        unit.quarantine_message(row.id, "poison", NOW)
    assert store.claim_next(LATER) is None
    with store.begin() as unit:
        unit.release_message(row.id, LATER)
    back = store.claim_next(LATER)
    assert back is not None
    assert (back.attempts, back.disposition, back.reason) == (0, None, "")


def test_what_a_crashed_worker_had_in_hand_is_offered_again(place: Place) -> None:
    crashed = place.open()
    sha256 = add(crashed, 1)
    row = crashed.claim_next(NOW)
    assert row is not None
    with crashed.begin() as unit:
        unit.start_processing(row.id, NOW)
    crashed.close()
    following = place.open()
    if not place.is_sqlite:  # another worker of the same database may be alive: its lease counts
        assert following.claim_next(NOW + timedelta(minutes=14)) is None
    again = following.claim_next(NOW if place.is_sqlite else NOW + timedelta(minutes=16))
    assert again is not None
    assert (again.sha256, again.attempts) == (sha256, 1)
    assert following.claim_next(NOW) is None
    following.close()


def test_two_claimers_never_get_the_same_mail(place: Place) -> None:
    store = place.open()
    second = store if place.is_sqlite else place.open()
    for number in range(40):
        add(store, number)
    start = threading.Barrier(2)

    def claim(mine: SqlStore) -> list[int]:
        start.wait()
        rows = iter(lambda: mine.claim_next(NOW), None)
        return [row.id for row in rows]

    with ThreadPoolExecutor(2) as pool:
        first, other = pool.map(claim, (store, second))
    assert sorted(first + other) == sorted(row.id for row in store.messages())
    second.close()
    store.close()


# facts


def test_facts_and_texts_come_back_as_they_were_under_their_version(store: SqlStore) -> None:
    text_facts = TextFacts((TextLine("姓名 林小满", 1, (1, 2, 3, 4), 0.9),))
    with store.begin() as unit:
        unit.save_facts(1, [some_facts(sha(1)), some_facts(sha(2), "attachment.unreadable")])
        unit.save_facts(1, [some_facts(sha(1))])
        unit.save_text(1, sha(1), text_facts)
        unit.save_text(1, sha(2), None)
    wanted = {sha(1): some_facts(sha(1)), sha(2): some_facts(sha(2), "attachment.unreadable")}
    assert store.facts(1, [sha(1), sha(2), sha(3), sha(1)]) == wanted
    assert store.facts(2, [sha(1)]) == {}
    assert store.facts(1, []) == {}
    assert store.text(1, sha(1)) == (True, text_facts)
    assert store.text(1, sha(2)) == (True, None)
    assert store.text(1, sha(3)) == (False, None)


# cases


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
    assert store.cases(limit=1) == (first,)
    searches = {"远帆": (second,), "abtc-2026-0001": (first,), "周望": (first,), "ea 7654321": (first,)}
    searches |= {"lin xiaoman": (first,), "%": (), "-": (first, second), "nobody": ()}
    for words, expected in searches.items():
        assert store.cases(search=words) == expected, words


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
        unit.set_value("k", "new")
        assert store.case(NUMBER) == a_case()
        with ThreadPoolExecutor(1) as other:
            assert other.submit(store.case, NUMBER).result() is None
            assert other.submit(store.value, "k").result() is None
    assert store.value("k") == "new"


# units


def test_a_unit_that_fails_leaves_nothing(store: SqlStore) -> None:
    def fail() -> None:
        with store.begin() as unit:
            unit.add_message(sha(1), ref(1), 1, NOW)
            unit.save_case(a_case())
            unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
            unit.add_notice(StaffNotice("x", "y"), NOW)
            unit.log(an_event())
            unit.set_value("k", "v")
            assert unit.next_number(2026) == 1
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()
    assert (store.messages(), store.cases(), store.outbox(), store.notices(), store.events()) == ((), (), (), (), ())
    assert store.value("k") is None
    with store.begin() as unit:
        assert unit.next_number(2026) == 1


def test_units_do_not_nest(store: SqlStore) -> None:
    with store.begin(), pytest.raises(RuntimeError, match="open in this thread"), store.begin():
        pass
    with store.begin() as unit:
        unit.set_value("k", "v")


def test_numbers_have_no_gaps_and_updates_are_not_lost_between_threads(store: SqlStore) -> None:
    def sixty() -> list[int]:
        given = []
        for _ in range(60):
            with store.begin() as unit:
                given.append(unit.next_number(2026))
                unit.set_value("sum", str(int(store.value("sum") or 0) + 1))
        return given

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for done in [pool.submit(sixty) for _ in range(4)] for number in done.result()]
    assert sorted(numbers) == list(range(1, 241))
    assert store.value("sum") == "240"
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


# letters


def test_a_letter_goes_through_its_states(store: SqlStore) -> None:
    letter = a_letter()
    with store.begin() as unit:
        number = unit.queue_letter(letter, OutboxState.WAITING, NOW, LATER)
    entry = store.outbox_entry(number)
    assert entry is not None
    assert (entry.to, entry.case, entry.rendered_for) == (letter.to, NUMBER, date(2026, 11, 23))
    assert store.files.path(entry.sha256).read_bytes() == letter.raw
    with store.begin() as unit:
        unit.set_outbox(number, OutboxState.READY, NOW, answer="by a clerk")
        unit.set_outbox(number, OutboxState.SENDING, NOW, count_attempt=True)
    assert [e.id for e in store.outbox((OutboxState.SENDING,))] == [number]
    with store.begin() as unit:
        unit.set_outbox(number, OutboxState.IN_DOUBT, NOW, next_try_at=LATER)
    doubtful = store.outbox_entry(number)
    assert doubtful is not None
    assert (doubtful.attempts, doubtful.next_try_at, doubtful.last_answer) == (1, LATER, "by a clerk")
    with store.begin() as unit:
        unit.set_outbox(number, OutboxState.SENT, LATER, answer="250 ok")
    sent = store.outbox_entry(number)
    assert sent is not None
    assert (sent.state, sent.sent_at, sent.next_try_at, sent.last_answer) == (OutboxState.SENT, LATER, None, "250 ok")
    assert store.sent(letter.message_id).case == NUMBER  # type: ignore[union-attr]
    assert store.sent("<other@x>") is None
    with pytest.raises(LookupError), store.begin() as unit:
        unit.set_outbox(999, OutboxState.SENT, NOW)


def test_the_same_message_id_cannot_be_queued_twice(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
    with pytest.raises(ValueError, match="(?i)unique"), store.begin() as unit:
        unit.set_value("k", "v")
        unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
    assert len(store.outbox()) == 1
    assert store.value("k") is None


def test_a_letter_can_be_written_anew_only_before_it_was_tried(store: SqlStore) -> None:
    fresh = a_letter(raw=b"tomorrow", rendered_for=date(2026, 11, 24), subject="new")
    with store.begin() as unit:
        number = unit.queue_letter(a_letter(), OutboxState.WAITING, NOW, NOW)
        unit.replace_letter(number, fresh)
    entry = store.outbox_entry(number)
    assert entry is not None
    assert (entry.rendered_for, entry.subject) == (date(2026, 11, 24), "new")
    assert store.files.path(entry.sha256).read_bytes() == b"tomorrow"
    with pytest.raises(ValueError, match="cannot be replaced"), store.begin() as unit:
        unit.replace_letter(number, replace(fresh, message_id="<other@office.example>"))
    with pytest.raises(ValueError, match="cannot be replaced"), store.begin() as unit:
        unit.set_outbox(number, OutboxState.SENDING, NOW, count_attempt=True)
        unit.replace_letter(number, fresh)


def test_a_later_letter_replaces_unsent_ones_to_the_same_people_about_the_same_case(store: SqlStore) -> None:
    other_people = a_letter("<2@o>", to=("lin@company.example", "boss@company.example"))
    with store.begin() as unit:
        waiting = unit.queue_letter(a_letter("<1@o>", to=("Lin@company.example",)), OutboxState.WAITING, NOW, NOW)
        unit.queue_letter(other_people, OutboxState.READY, NOW, NOW)
        unit.queue_letter(a_letter("<3@o>", case="ABTC-2026-0002"), OutboxState.READY, NOW, NOW)
        tried = unit.queue_letter(a_letter("<4@o>"), OutboxState.READY, NOW, NOW)
        unit.set_outbox(tried, OutboxState.READY, NOW, count_attempt=True)
    with store.begin() as unit:
        same_answer = unit.queue_letter(a_letter("<5@o>"), OutboxState.READY, NOW, NOW)
        found = unit.supersede_unsent(NUMBER, ["lin@company.example"], LATER)
    assert [entry.id for entry in found] == [waiting]
    assert [e.id for e in store.outbox((OutboxState.SUPERSEDED,))] == [waiting]
    assert same_answer in {e.id for e in store.outbox((OutboxState.READY,))}


def test_a_long_outbox_gives_the_oldest_that_wait_and_the_newest_that_are_done(store: SqlStore) -> None:
    with store.begin() as unit:
        ids = [unit.queue_letter(a_letter(f"<{n}@o>"), OutboxState.READY, NOW, NOW) for n in range(4)]
    assert [e.id for e in store.outbox((OutboxState.READY, OutboxState.WAITING), limit=2)] == ids[:2]
    assert [e.id for e in store.outbox(limit=2)] == ids[2:]
    with store.begin() as unit:
        for number in ids:
            unit.set_outbox(number, OutboxState.SENT, NOW)
    assert [e.id for e in store.outbox((OutboxState.SENT,), limit=3)] == ids[1:]


def test_letters_to_an_address_are_counted_since_a_moment_without_withdrawn_ones(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.queue_letter(a_letter("<1@o>"), OutboxState.READY, NOW - timedelta(days=2), NOW)
        unit.queue_letter(a_letter("<2@o>", to=("LIN@company.example", "x@y.example")), OutboxState.READY, NOW, NOW)
        unit.queue_letter(
            a_letter("<3@o>", to=("x@y.example",), cc=("lin@company.example",)), OutboxState.SENT, NOW, NOW
        )
        unit.queue_letter(a_letter("<4@o>"), OutboxState.SUPERSEDED, NOW, NOW)
    assert store.letters_to("Lin@company.example", NOW - timedelta(days=1)) == 2
    assert store.letters_to("lin@company.example", NOW - timedelta(days=3)) == 3
    assert store.letters_to("nobody@x.example", NOW - timedelta(days=3)) == 0


# notices, values, figures


def test_notices_stay_open_until_somebody_closes_them(store: SqlStore) -> None:
    notice = StaffNotice("procedure.conflict", "两个事项", NUMBER, sha(1))
    with store.begin() as unit:
        unit.add_notice(notice, NOW)
        unit.add_notice(StaffNotice("x", "y"), NOW)
    first, second = store.notices()
    assert (first.notice, first.at, first.closed_at) == (notice, NOW, None)
    with store.begin() as unit:
        unit.close_notice(first.id, LATER, "settled by phone")
        unit.close_notice(first.id, LATER + timedelta(days=1), "again")
    assert store.notices() == (second,)
    assert [row.closed_at for row in store.notices(open_only=False)] == [LATER, None]


def test_values_are_replaced(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.set_value("uid:office", "1")
        unit.set_value("uid:office", "2")
    assert store.value("uid:office") == "2"


def test_counts_are_per_day_of_the_office_per_class_per_letter_and_per_finding(store: SqlStore) -> None:
    late_evening_utc = datetime(2026, 11, 22, 17, tzinfo=UTC)  # 01:00 of the 23rd in Shanghai
    with store.begin() as unit:
        for number, at in enumerate((NOW, late_evening_utc, NOW - timedelta(days=30))):
            unit.add_message(sha(number), ref(number), 1, at)
        for row in store.messages():
            parked = a_decision(row.sha256, disposition=Disposition.PARKED, kind=MessageClass.AUTO_REPLY)
            unit.finish_message(row.id, None, parked, NOW)
        unit.save_case(a_case())
        unit.save_case(a_case("ABTC-2026-0002", last_received_at=NOW - timedelta(days=30)))
        unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
        unit.queue_letter(a_letter("<2@o>"), OutboxState.SUPERSEDED, NOW, NOW)
    assert store.counts(date(2026, 11, 17), date(2026, 11, 23)) == {
        "mails": {"2026-11-23": 2},
        "parked": {"auto_reply": 2},
        "letters": {"correction": 1},
        "findings": {"photo.size": 1, "signature.missing": 1},
    }
    assert store.counts(date(2026, 11, 22), date(2026, 11, 22))["mails"] == {}


# the log


def test_events_come_back_in_order_of_one_case_or_of_all(store: SqlStore) -> None:
    events = [an_event(1, NUMBER), an_event(2), replace(an_event(3, NUMBER), data=(("nul", "a\0b\ud800"),))]
    for event in events:
        with store.begin() as unit:
            unit.log(event)
    assert list(store.events()) == events
    assert list(store.events(limit=2)) == events[1:]
    assert list(store.events(NUMBER)) == [events[0], events[2]]
    assert store.verify() == ()


@pytest.mark.parametrize(
    ("tampering", "says"),
    [
        ("UPDATE events SET what = 'case.closed' WHERE sequence = 3", ["event 3 was changed"]),
        ("UPDATE events SET actor = 'staff:x' WHERE sequence = 5", ["event 5 was changed"]),
        ("DELETE FROM events WHERE sequence = 2", ["event 2 is missing"]),
        ("DELETE FROM events WHERE sequence = 5", ["the log ends at event 4, but its last line was 5"]),
        ("DELETE FROM events WHERE sequence = 1", ["event 1 is missing"]),
        ("DELETE FROM events", ["the log ends at event 0, but its last line was 5"]),
    ],
)
def test_tampering_with_the_log_is_found_at_its_number(store: SqlStore, tampering: str, says: list[str]) -> None:
    with store.begin() as unit:
        for number in range(1, 6):
            unit.log(an_event(number))
    assert store.verify() == ()
    break_rows(store, tampering)
    found = store.verify()
    assert len(found) == len(says)
    assert all(part in line for part, line in zip(says, found, strict=True)), found


# verify


def test_verify_finds_nothing_in_a_store_in_use(store: SqlStore) -> None:
    sha256 = add(store, 1)
    row = store.claim_next(NOW)
    assert row is not None
    with store.begin() as unit:
        unit.save_facts(1, [some_facts(sha(3), "archive.encrypted")])
        unit.save_case(a_case(messages=(sha256,)))
        unit.queue_letter(a_letter(in_answer_to=sha256), OutboxState.READY, NOW, NOW)
        unit.queue_letter(a_letter("<2@o>", case="", in_answer_to=""), OutboxState.READY, NOW, NOW)
        unit.finish_message(row.id, a_message(sha256), a_decision(sha256, a_case()), NOW)
        unit.log(an_event())
    assert store.verify() == ()


def test_verify_names_a_flipped_byte_and_every_missing_file(store: SqlStore) -> None:
    flipped, missing = add(store, 1, b"one"), add(store, 2, b"two")
    attachment = store.files.put_bytes(b"three")
    with store.begin() as unit:
        unit.save_facts(1, [some_facts(attachment)])
        letter = unit.queue_letter(a_letter(case="", in_answer_to=""), OutboxState.READY, NOW, NOW)
    store.files.path(flipped).write_bytes(b"onE")
    entry = store.outbox_entry(letter)
    assert entry is not None
    for sha256 in (missing, attachment, entry.sha256):
        store.files.path(sha256).unlink()
    found = store.verify()
    assert found[0] == f"file {flipped} does not hold the bytes of its name"
    assert set(found[1:]) == {
        f"mail 2: its file {missing} is missing",
        f"letter {letter}: its file {entry.sha256} is missing",
        f"attachment: its file {attachment} is missing",
    }


def test_verify_names_rows_that_point_nowhere(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.save_case(a_case(messages=()))
    break_rows(
        store,
        "INSERT INTO message_refs VALUES ('office', 'INBOX', 1, 1, 77)",
        "INSERT INTO case_messages VALUES ('ABTC-2026-0009', 'ff')",
    )
    assert set(store.verify()) == {
        "message_refs: message 77 names nothing in messages",
        "case_messages: case_number ABTC-2026-0009 names nothing in cases",
        "case_messages: sha256 ff names nothing in messages",
    }


# the schema


def test_tables_and_migrations_agree(store: SqlStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from mailintake.store.tables import METADATA

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_a_database_of_a_newer_program_is_refused_with_the_fix(place: Place) -> None:
    store = place.open()
    break_rows(store, "UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreUnusable, match="9999, written by a newer mailintake") as refused:
        place.open()
    assert "install the newer version" in refused.value.fix
