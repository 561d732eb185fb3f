"""Good files are read once: their values are kept, and an edit, another label or a hand in the cache is seen."""

from pathlib import Path

import pytest

from mailintake.config import load, load_settings
from mailintake.config.loading import examine
from mailintake.errors import ConfigError


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder / "mailintake"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An operator's folder with an hour, a path and a number of its own."""
    (tmp_path / "mailintake.yaml").write_text("data_folder: here\ndigest: {time: '07:45'}\n")
    (tmp_path / "policy.yaml").write_text("min_score: 4.0\n")
    return tmp_path


def test_what_is_kept_is_what_the_files_say(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, read = examine(own, {})
    assert load(own, {}) == read
    monkeypatch.setattr("mailintake.config.reading.rules_in", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr("mailintake.config.reading.settings_in", lambda *_: pytest.fail("read again"))
    kept = load(own, {})
    assert kept == read
    assert kept.settings.digest.time.minute == 45
    assert kept.settings.data_folder == own / "here"


def test_an_edit_and_a_variable_are_seen_at_once(own: Path) -> None:
    before = load(own, {})
    (own / "policy.yaml").write_text("min_score: 5.0\n")
    (own / "mailintake.yaml").write_text("data_folder: there\n")
    after = load(own, {"MAILINTAKE_LOG_LEVEL": "debug"})
    assert (before.rules.policy.min_score, after.rules.policy.min_score) == (4.0, 5.0)
    assert after.settings.data_folder == own / "there"
    assert after.settings.log.level.value == "debug"
    assert load_settings(own, {}).log.level.value == "info"


def test_what_is_wrong_is_told_every_time(own: Path) -> None:
    (own / "policy.yaml").write_text("min_skore: 4\n")
    for _ in range(2):
        with pytest.raises(ConfigError, match="1"):
            load(own, {})


def test_what_no_longer_fits_is_read_from_the_files(own: Path, cache: Path) -> None:
    read = load(own, {})
    for path in cache.glob("*.json"):
        path.write_text('{"value": {"no_such_field": 1}}')
    assert load(own, {}) == read
