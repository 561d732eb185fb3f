"""Mails in the store: bytes, queue, facts, fate, on SQLite and on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from tests.support.stored import (
    LATER,
    NOW,
    NUMBER,
    Place,
    a_case,
    a_decision,
    a_message,
    add,
    ref,
    sha,
    some_facts,
)

from mailintake.model.facts import TextFacts, TextLine
from mailintake.model.message import Address
from mailintake.model.understanding import Disposition
from mailintake.store.open import SqlStore


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
        assert unit.start_processing(row.id) == 1
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
    assert [row.sha256 for row in store.messages()] == hashes[::-1]
    (aside,) = store.messages("quarantined")
    assert (aside.sha256, aside.reason, aside.disposition) == (hashes[0], "reader failed", Disposition.QUARANTINED)


def test_mails_are_found_by_sender_in_any_case_by_uid_and_so_many(store: SqlStore) -> None:
    hashes = [add(store, number) for number in range(3)]
    for sha256, sender in zip(
        hashes, ("Lin@Company.example", "other@company.example", "lin@company.example"), strict=True
    ):
        message = replace(a_message(sha256), sender=Address("", sender))
        row = store.message(sha256)
        assert row is not None
        with store.begin() as unit:
            unit.finish_message(row.id, message, a_decision(sha256), LATER)
    assert [row.sha256 for row in store.messages(sender="lin@company.example")] == [hashes[2], hashes[0]]
    assert [row.sha256 for row in store.messages(sender="lin@company.example", limit=1)] == [hashes[2]]
    assert [row.sha256 for row in store.messages(limit=2)] == [hashes[2], hashes[1]]
    (uid,) = (seen.uid for row in store.messages() if row.sha256 == hashes[1] for seen in row.refs)
    assert hashes[1] in [row.sha256 for row in store.messages(uid=uid)]
    assert all(uid in [seen.uid for seen in row.refs] for row in store.messages(uid=uid))
    assert store.messages(uid=999_999) == ()


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
        unit.start_processing(row.id)
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
        unit.start_processing(row.id)
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
        unit.start_processing(row.id)
    crashed.close()
    following = place.open()
    again = following.claim_next(NOW)
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


def test_a_mail_that_could_not_be_worked_on_is_given_back_and_nobody_elses_is(store: SqlStore) -> None:
    first, second = add(store, 1), add(store, 2)
    taken = store.claim_next(NOW)
    assert taken is not None
    store.give_back(taken.id)
    again = store.claim_next(NOW)
    assert again is not None
    assert (again.sha256, again.status) == (first, "processing")
    with store.begin() as unit:
        unit.finish_message(again.id, None, None, NOW)
    store.give_back(again.id)
    following = store.claim_next(NOW)
    assert following is not None
    assert (following.sha256, store.claim_next(NOW)) == (second, None)
