"""Somebody's data are erased: nothing of it is anywhere, nobody else loses anything, and nobody is told twice."""

import email
import email.policy
import json
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.support.acting import act, desk, done, two_cases, undone
from tests.support.acts import CLERK, HEAD, OTHER
from tests.support.worker import Office, application

from mailintake.model.act import (
    Approve,
    Assign,
    Close,
    Erase,
    LinkTo,
    Note,
    Refused,
    Reopen,
    SendAgain,
    Signed,
    Write,
)
from mailintake.model.case import Case, State
from mailintake.model.erasure import ErasureGround
from mailintake.model.letter import OutboxState
from mailintake.store.erased import read_list
from mailintake.store.open import SqlStore, open_store
from mailintake.store.tables import METADATA
from mailintake.worker.acts import perform
from mailintake.worker.erasing import erase_again, finish_erasing

REQUEST = ErasureGround.REQUEST
COMPANY, ADDRESS = "营口安澜船舶有限公司", "tong@anlan.example"
SECRET = "本人电话里说护照放在家中"
AGAIN = {"id": "m9", "of": ["c"], "from": f"佟安 <{ADDRESS}>", "at": "2026-11-02 09:24"}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with desk(tmp_path, data_folder=tmp_path) as made:
        yield made


def ended(here: Office, **more: Any) -> Case:
    """Two cases of others, and one of a person of another company that is over; its letters are out, a digest told of
    it, people have written about it, and somebody is still typing."""
    two_cases(here)
    here.deliver(
        application(**AGAIN, subject="新办APEC商务旅行卡", text=f"您好，我公司{COMPANY}申请新办，见附件。", **more)
    )
    here.run()
    case = here.shells.store.cases()[-1]
    assert any(one.addr == ADDRESS for one in case.participants), case.participants
    for entry in here.shells.store.outbox((OutboxState.WAITING,), cases=(case.number,)):
        done(act(here, Approve(), str(entry.id)))
    done(act(here, Note(SECRET), case.number))
    here.run(timedelta(days=1))
    with here.shells.store.begin() as unit:
        unit.save_draft(CLERK.name, f"{case.number}-note", SECRET, here.clock.now)
    done(act(here, Close(), case.number))
    kept = here.shells.store.case(case.number)
    assert kept is not None
    return kept


def erase(here: Office, number: str, *, everyone: bool = False) -> Any:
    """Both persons say it."""
    what = Erase(REQUEST, number, everyone)
    made = act(here, what, number)
    return act(here, what, number, by=HEAD.name) if not isinstance(made, Refused) else made


def words_of(case: Case) -> list[str]:
    """By what somebody would look for them."""
    people = [w for a in case.applicants for w in (a.name, a.name_pinyin, a.passport_no, a.card_no)]
    return [word for word in (*people, COMPANY, ADDRESS, SECRET) if word]


def ours(here: Office) -> SqlStore:
    assert isinstance(here.shells.store, SqlStore)
    return here.shells.store


def everything(store: SqlStore) -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as text."""
    with store._engine.connect() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)):
                yield table.name, " ".join(_text(thing) for thing in row)


def _text(thing: object) -> str:
    if not isinstance(thing, bytes):
        return thing if isinstance(thing, str) else json.dumps(thing, ensure_ascii=False, default=str)
    try:
        return zlib.decompress(thing).decode()
    except zlib.error:
        return ""


def bytes_of(here: Office) -> Iterator[str]:
    """Every stored original as a reader would see it."""
    files = here.shells.store.files
    for sha256 in files.hashes():
        raw = files.path(sha256).read_bytes()
        yield raw.decode("utf-8", "replace")
        for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
            if part.get_content_maintype() == "text":
                yield str(part.get_content())
        yield str(email.message_from_bytes(raw, policy=email.policy.default).items())


def found_in(here: Office, words: list[str]) -> set[tuple[str, str]]:
    rows = {(name, word) for name, row in everything(ours(here)) for word in words if word in row}
    return rows | {("file", word) for text in bytes_of(here) for word in words if word in text}


def test_nothing_of_somebody_who_was_erased_is_in_any_table_or_file_and_others_lose_nothing(
    here: Office, tmp_path: Path
) -> None:
    case = ended(here)
    others = here.shells.store.cases()
    words = words_of(case)
    before = {name for name, _ in found_in(here, words)}
    assert before >= {"cases", "readings", "outbox", "file", "event_words", "desk_drafts", "case_versions", "decisions"}
    made = done(erase(here, case.number))
    assert made.erases is not None
    here.run()
    assert found_in(here, words) == set()
    assert all(word.encode() not in file.read_bytes() for file in tmp_path.glob("mailintake.db*") for word in words)
    assert here.shells.store.verify() == ()
    assert {one.number: here.shells.store.case(one.number) for one in others} == {one.number: one for one in others}
    kept = here.shells.store.case(case.number)
    assert kept is not None
    assert kept.state is State.ERASED
    events = [e for e in here.shells.store.events(case.number) if e.what == "act.erase"]
    assert [dict(e.data).get("ground") for e in events][-1] == "request"
    assert events[-1].actor.endswith(HEAD.name)


def test_the_same_mail_again_opens_no_case_is_answered_by_nobody_and_is_not_kept(here: Office) -> None:
    case = ended(here)
    (sha256,) = case.messages
    raw = here.shells.store.files.path(sha256).read_bytes()
    done(erase(here, case.number))
    here.run()
    assert not here.shells.store.files.exists(sha256)
    letters, cases = len(here.outbox()), here.shells.store.count_cases(open_only=False)
    here.deliver(raw)
    here.run()
    assert (len(here.outbox()), here.shells.store.count_cases(open_only=False)) == (letters, cases)
    assert not here.shells.store.files.exists(sha256)
    assert here.shells.store.verify() == ()


def test_a_crash_between_the_rows_and_the_files_leaves_nothing_behind_and_loses_nothing(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ended(here)
    gone = done(erase(here, case.number)).erases
    assert gone is not None
    real, left = here.shells.store.files.delete, [gone.files[0]]

    def breaks(sha256: str) -> None:
        real(sha256)
        if not left or sha256 != left[0]:
            raise OSError("the power goes")

    monkeypatch.setattr(here.shells.store.files, "delete", breaks)
    with pytest.raises(OSError, match="power"):
        finish_erasing(here.shells)
    assert here.shells.store.verify() == ()
    monkeypatch.setattr(here.shells.store.files, "delete", real)
    here.run()
    assert not any(here.shells.store.files.exists(sha256) for sha256 in gone.files)
    assert here.shells.store.left_by_erasing().files == ()
    assert here.shells.store.verify() == ()


def test_a_file_that_comes_with_another_mail_stays_also_when_that_mail_comes_last(here: Office) -> None:
    case = ended(here)
    papers = {d.sha256 for d in case.documents}
    gone = done(erase(here, case.number)).erases
    assert gone is not None
    assert papers <= {*gone.files, *gone.shared}
    here.deliver(
        application(**(AGAIN | {"id": "m10", "from": "童远 <tong@other.example>"}), subject="新办", text="见附件。")
    )
    here.run()
    (held,) = [one for one in here.shells.store.cases() if one.opened_at > case.opened_at]
    assert {d.sha256 for d in held.documents} & papers
    assert here.shells.store.verify() == ()


def test_a_letter_whose_fate_is_open_or_a_case_under_way_stands_in_the_way(here: Office) -> None:
    one, two = two_cases(here)
    refused = erase(here, two)
    assert isinstance(refused, Refused)
    assert refused.code == "erase.state"
    done(act(here, Close(), two))
    done(act(here, Write("请来窗口取回材料。"), two))
    refused = erase(here, two, everyone=True)
    assert isinstance(refused, Refused)
    assert refused.code == "erase.unsent"
    assert here.shells.store.case(one) is not None


def test_who_shares_the_case_is_not_erased_along_unless_it_is_said(here: Office) -> None:
    _, two = two_cases(here)
    done(act(here, Close(), two))
    refused = erase(here, two)
    assert isinstance(refused, Refused)
    assert (refused.code, dict(refused.values)["count"]) == ("erase.people", "2")
    done(erase(here, two, everyone=True))


def test_the_number_is_typed_and_a_second_person_says_it_too(here: Office) -> None:
    case = ended(here)
    wrong = act(here, Erase(REQUEST, "LN-2026-000001-1"), case.number)
    assert isinstance(wrong, Refused)
    assert wrong.code == "erase.number"
    made = done(act(here, Erase(REQUEST, case.number), case.number))
    assert made.waits_for == "second_person"
    assert "erasure.proposed" in here.notices()
    again = act(here, Erase(REQUEST, case.number), case.number)
    assert isinstance(again, Refused)
    assert again.code == "erase.second_person"
    kept = here.shells.store.case(case.number)
    assert kept is not None
    assert kept.applicants == case.applicants
    done(act(here, Erase(REQUEST, case.number), case.number, by=OTHER.name))
    assert "erasure.proposed" not in here.notices()


def test_nothing_about_an_erased_case_can_be_done_or_taken_back(here: Office) -> None:
    case = ended(here)
    letter = here.shells.store.outbox(cases=(case.number,))[0].id
    event = next(e.sequence for e in here.shells.store.events(case.number) if e.what == "act.close")
    made = done(erase(here, case.number))
    for what, target, code in (
        (Reopen(), case.number, "case.erased"),
        (Note("又来电话"), case.number, "case.erased"),
        (Assign(CLERK.name), case.number, "case.erased"),
        (Write("您好"), case.number, "case.erased"),
        (SendAgain(), str(letter), "letter.erased"),
        (LinkTo(here.shells.store.cases()[0].number), case.messages[0], "mail.erased"),
    ):
        refused = act(here, what, target)
        assert isinstance(refused, Refused), what
        assert refused.code == code
    for number in (made.event, event):
        refused = undone(here, number)
        assert isinstance(refused, Refused)
        assert refused.code == "undo.erased"


def test_a_dry_run_says_what_would_go_and_changes_nothing(here: Office) -> None:
    case = ended(here)
    before = set(everything(ours(here)))
    signed = Signed(Erase(REQUEST, case.number), case.number, CLERK.name, here.clock.now)
    gone = done(perform(here.shells, signed, dry_run=True)).erases
    assert gone is not None
    assert (gone.cases, gone.mails, gone.people) == ((case.number,), case.messages, 1)
    assert set(everything(ours(here))) == before


def test_a_restored_database_is_erased_again_and_what_it_never_knew_is_kept_out(here: Office, tmp_path: Path) -> None:
    case = ended(here)
    ours(here).snapshot(tmp_path / "older.db")
    done(erase(here, case.number))
    here.run()
    listed = read_list(tmp_path)
    assert (listed.cases, listed.mails) == ((case.number,), case.messages)
    with closing(open_store(f"sqlite:///{tmp_path / 'older.db'}", here.shells.store.files)) as older:
        assert erase_again(older, listed, here.clock.now) == (case.number,)
        rows = {word for name, row in everything(older) for word in words_of(case) if word in row}
        assert rows == set()
    with closing(open_store(f"sqlite:///{tmp_path / 'empty.db'}", here.shells.store.files)) as empty:
        assert erase_again(empty, listed, here.clock.now) == ()
        assert empty.erased_mails() == case.messages
