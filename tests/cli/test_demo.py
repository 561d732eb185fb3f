"""The first command of a newcomer."""

import shlex
from pathlib import Path

import pytest
from tests.support.office import run


@pytest.mark.timeout(300)
def test_the_demo_ends_with_a_page_letters_and_a_command_that_works(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "mailintake.yaml").write_text("ocr: false\n", encoding="utf-8")
    ran = run("demo", folder, "--config", settings)
    assert ran.code == 0, ran.err
    assert f"日报网页：{folder}" in ran.out
    assert any((folder / "letters").glob("*.eml"))
    words = shlex.split(ran.out.splitlines()[-1].partition("：")[2])
    listed = run(*words[1:])
    assert listed.code == 0, listed.err
    assert "LN-2026-" in listed.out
    number = listed.out.split()[0]
    assert "检查" in run("case", "show", number, "--config", folder).out
    assert run("verify", "--config", folder).code == 0
