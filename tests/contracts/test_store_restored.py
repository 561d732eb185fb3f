"""A database that was put back knows which letters may have gone out since, on SQLite and on PostgreSQL."""

from tests.support.stored import NOW, a_letter

from mailintake.model.letter import OutboxState
from mailintake.store.backup import PENDING, RESTORED, doubted, mark_restored
from mailintake.store.open import SqlStore

UNSENT = (OutboxState.WAITING, OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT)
OVER = (OutboxState.SENT, OutboxState.FAILED, OutboxState.REJECTED, OutboxState.SHADOWED, OutboxState.SUPERSEDED)


def test_every_letter_that_may_have_gone_out_since_is_marked_and_no_other(store: SqlStore) -> None:
    with store.begin() as unit:
        for number, state in enumerate((*UNSENT, *OVER)):
            unit.queue_letter(a_letter(f"<{number}@o>", case="", in_answer_to=""), state, NOW, NOW)
    assert mark_restored(store) == len(UNSENT)
    entries = store.outbox()
    assert [entry.state for entry in entries] == [*[OutboxState.IN_DOUBT] * len(UNSENT), *OVER]
    marked = [entry for entry in entries if store.value(doubted(entry.id)) is not None]
    assert marked == list(entries[: len(UNSENT)])
    assert store.value(RESTORED) == PENDING
