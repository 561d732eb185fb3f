"""No setting of mailintake.yaml is for show: each has a test that fails when the program no longer hears the key.

`settings_proved.yaml` names it; `python -m tests.support.deaf` makes each key deaf and runs it. What is held here: the
table has every key and nothing else, and its tests exist. test_every_key.py and test_every_word_list.py do the same
for the rules.
"""

from dataclasses import fields, is_dataclass

import pytest
from tests.support.deaf import CLASSES, ROOT, default_of, proved, silence

from mailintake.config.settings import PollSettings


def keys() -> set[str]:
    """Class and name of every setting that is no part with settings of its own."""
    return {
        f"{owner}.{found.name}"
        for owner, cls in CLASSES.items()
        for found in fields(cls)
        if not is_dataclass(default_of(found))
    }


def test_every_setting_has_its_proof_and_every_proof_its_setting() -> None:
    assert proved().keys() == keys()


def test_every_part_of_the_settings_is_in_the_list() -> None:
    parts = {type(default_of(f)).__name__ for f in fields(CLASSES["Settings"]) if is_dataclass(default_of(f))}
    assert parts | {"Settings", "MailboxSettings"} == CLASSES.keys()


@pytest.mark.parametrize("key", sorted(keys()))
def test_the_test_that_proves_a_setting_exists(key: str) -> None:
    file, _, name = proved()[key].partition("::")
    assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text("utf-8")


def test_a_deaf_key_has_its_default_whatever_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PollSettings, "attempts", PollSettings.attempts)  # put back afterwards
    silence("PollSettings.attempts")
    assert PollSettings(attempts=9).attempts == PollSettings().attempts
