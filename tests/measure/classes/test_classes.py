"""A few mails of every class through the whole program; all of them: `python -m tests.measure.classes.run`."""

from dataclasses import replace

from tests.measure.classes.run import mails, taken

from mailintake.config import load


def test_of_forty_mails_of_every_class_all_are_taken_for_what_they_are() -> None:
    configuration = load(None)
    configuration = replace(configuration, settings=replace(configuration.settings, ocr=False))
    chosen = [number for number in range(len(mails("written"))) if number % 5 == 0]
    found = tuple(taken("written", configuration, chosen))
    assert len(found) == len(chosen)
    assert [(one.said, one.found) for one in found if not one.right] == []


def test_of_the_kinds_once_met_wrongly_every_third_is_met_rightly_with_its_letter_and_its_case() -> None:
    configuration = load(None)
    configuration = replace(configuration, settings=replace(configuration.settings, ocr=False))
    chosen = [number for number in range(len(mails("kinds"))) if number % 3 == 0]
    found = tuple(taken("kinds", configuration, chosen))
    assert len(found) == len(chosen)
    assert [(one.said, one.faults) for one in found if not one.right] == []
