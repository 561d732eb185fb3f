"""A database that was put back knows which letters may have gone out since, on SQLite and on PostgreSQL."""

from tests.support.stored import NOW, a_letter, letter_in

from mailintake.model.letter import OutboxState
from mailintake.store.backup import mark_restored
from mailintake.store.open import SqlStore
from mailintake.store.port import Restored

UNSENT = (OutboxState.WAITING, OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT)
OVER = (OutboxState.SENT, OutboxState.FAILED, OutboxState.REJECTED, OutboxState.SUPERSEDED)


def test_every_letter_that_may_have_gone_out_since_is_marked_and_no_other(store: SqlStore) -> None:
    with store.begin() as unit:
        for number, state in enumerate((*UNSENT, *OVER)):
            letter_in(unit, a_letter(f"<{number}@o>", case="", in_answer_to=""), state)
    assert store.restored() is None
    assert mark_restored(store) == len(UNSENT)
    entries = store.outbox()
    assert [entry.state for entry in entries] == [*[OutboxState.IN_DOUBT] * len(UNSENT), *OVER]
    assert [entry for entry in entries if entry.restored] == list(entries[: len(UNSENT)])
    assert store.restored() == Restored(None)
    with store.begin() as unit:
        unit.mark_caught_up(NOW)
    assert store.restored() == Restored(NOW)
