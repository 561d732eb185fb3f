"""What a service loads before its first mail: the mail finds it there, and nothing of the example stays."""

from pathlib import Path

from tests.support.readers import NoReaders
from tests.support.worker import MONDAY, shipped

from mailintake.app.warm import warm_up
from mailintake.readers.port import MessageReading
from mailintake.stages.classify import alike


class OneQuestion(NoReaders):
    """Opens mails in this process and remembers where they lay."""

    def __init__(self) -> None:
        self.opened: list[Path] = []

    def message(self, raw: Path, out: Path) -> MessageReading:
        """As a reader process would."""
        from mailintake.readers.expand import open_message

        self.opened.append(raw)
        return open_message(raw, out, shipped().rules.vocabulary, shipped().settings.limits)


def test_the_first_question_finds_the_examples_in_order_and_nothing_stays_of_the_one_before_it() -> None:
    alike._index.cache_clear()
    readers = OneQuestion()
    warm_up(shipped(), readers, MONDAY)
    assert alike._index.cache_info().currsize == 1
    assert [raw.exists() for raw in readers.opened] == [False]
