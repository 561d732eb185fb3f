"""A case as it was."""

from mailintake.model.case import Case
from mailintake.store.port import Store


def case_at(store: Store, number: str, message_id: str) -> Case | None:
    """The first version that remembers the letter of that Message-ID: what the machine held when it wrote it, with the
    rule set and the clauses of then. None where no version does."""
    for version in store.versions(number):
        case = store.version(number, version.revision)
        if case is not None and any(letter.message_id == message_id for letter in case.letters):
            return case
    return None
