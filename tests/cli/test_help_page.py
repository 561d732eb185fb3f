"""The page of help that was printed before is the one that is printed."""

import os
import subprocess
import sys
from pathlib import Path


def printed(cache: Path, *words: str, **variables: str) -> str:
    """What a fresh process prints."""
    env = {**os.environ, "XDG_CACHE_HOME": str(cache), **variables}
    command = [sys.executable, "-m", "mailintake", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True, encoding="utf-8").stdout


def test_help_is_the_same_page_made_or_remembered_and_another_in_another_language_or_width(tmp_path: Path) -> None:
    made = printed(tmp_path, "--help")
    assert len(list(tmp_path.rglob("help-*"))) == 1
    assert made == printed(tmp_path, "--help") == printed(tmp_path / "empty", "-h")
    assert "quarantine" in made
    english, narrow = printed(tmp_path, "--lang", "en", "--help"), printed(tmp_path, "--help", COLUMNS="60")
    assert "Commands" in english
    assert max(map(len, narrow.splitlines())) <= 60
    assert len({made, english, narrow}) == 3
