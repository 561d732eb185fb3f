"""A key of the settings that nobody hears: whatever is written, its default is what the program reads.

`python -m tests.support.deaf [KEY…]` makes one key deaf after the other and runs the test that proves it
(`tests/config/settings_proved.yaml`). A test that passes all the same proves nothing: the key is printed, and the
command ends with 1. As a plugin: `pytest -p tests.support.deaf --deaf PollSettings.attempts TEST`.
"""

import subprocess
import sys
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from mailintake.config import settings
from mailintake.model.letter import LetterPolicy
from mailintake.readers.port import Limits

ROOT = Path(__file__).resolve().parents[2]
PROVED = ROOT / "tests" / "config" / "settings_proved.yaml"
CLASSES: dict[str, type[Any]] = {
    made.__name__: made
    for made in (
        *(settings.MailboxSettings, settings.PollSettings, settings.SmtpSettings, settings.SendingLimits),
        *(settings.DigestSettings, settings.BackupSettings, settings.LogSettings, settings.Settings),
        *(LetterPolicy, Limits),
    )
}


def default_of(found: Field[Any]) -> Any:
    """What a field is where nobody writes it."""
    return found.default_factory() if found.default_factory is not MISSING else found.default


def silence(key: str) -> None:
    """From now on every value of that class has the default there."""
    owner, _, name = key.partition(".")
    (found,) = (one for one in fields(CLASSES[owner]) if one.name == name)
    value = default_of(found)
    setattr(CLASSES[owner], name, property(lambda _: value, lambda _, __: None))


def pytest_addoption(parser: pytest.Parser) -> None:
    """The key."""
    parser.addoption("--deaf", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Before any test is collected."""
    if key := config.getoption("--deaf"):
        silence(str(key))


def proved() -> dict[str, str]:
    """The test that proves each key."""
    return dict(YAML(typ="safe").load(PROVED))


def main(keys: list[str]) -> int:
    """1: some test does not notice."""
    passed = []
    for key, test in proved().items():
        if keys and key not in keys:
            continue
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "tests.support.deaf"]
        done = subprocess.run([*command, "--deaf", key, test], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 1:
            passed.append(key)
            sys.stdout.write(f"{key}: {test} says {done.stdout.strip().splitlines()[-1:]}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(keys or proved()) - len(passed)} keys proved, {len(passed)} not\n")
    return int(bool(passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
