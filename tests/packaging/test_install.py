"""What is installed works like the checkout: templates and configuration are found, wherever one stands."""

import os
import subprocess
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAILINTAKE_", "PYTHONPATH"))} | {"PYTHONUTF8": "1"}
    command = [str(program), *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_every_template_renders_and_the_rules_load(installed: Path, tmp_path: Path) -> None:
    checked = run(installed, tmp_path, "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "配置可以使用" in checked.stdout
    assert "0 处提醒" in checked.stdout


def test_a_new_installation_can_be_set_up_and_looked_over(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "init", "mine", "--defaults").returncode == 0
    told = run(installed, tmp_path, "doctor", "--offline", "--config", "mine")
    assert told.returncode in (0, 1), told.stderr
    assert "✓ 信件模板" in told.stdout
    shown = run(installed, tmp_path, "config", "show", "--config", "mine")
    assert "mine/mailintake.yaml:" in shown.stdout


def test_the_wheel_holds_what_the_checkout_holds(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    places = {
        "templates": "mailintake/templates",
        "config": "mailintake/config_default",
        "src/mailintake": "mailintake",
    }
    for folder, inside in places.items():
        files = [p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        assert not {f"{inside}/{p.relative_to(ROOT / folder).as_posix()}" for p in files} - names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"mailintake"}
