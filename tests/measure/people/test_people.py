"""A seeded part of the generator of sentences: one mail of every twelfth kind. The whole is `make people`."""

from tests.measure.feeding import without_ocr
from tests.measure.people.run import mails, measure

from mailintake.config import load

_SEED, _EVERY, _RIGHT = 2031, 12, 0.95


def test_of_invented_sentences_nearly_all_are_understood_as_meant() -> None:
    score = measure(without_ocr(load(None)), tuple(mails(_SEED, 1))[::_EVERY])
    assert score.whole >= _RIGHT * score.mails, score.faults
