"""Which answers changed since a commit: its scenarios, played by its program and by this one, and compared.

`python -m tests.replay.changes 5b84c6f > docs/replay-changes.md`. Reasons stand in `changes.yaml`; an answer that
changed without one is shown with a question mark, and the command ends with 1.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import venv
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
REASONS = Path(__file__).with_name("changes.yaml")
_PARTS = ("src", "tests", "templates", "config", "docs")
_HEAD = """# Answers that changed since version 0.1.0

The {count} replay scenarios of version 0.1.0 ({commit}), their mails played by its program and by this one: class,
procedure, disposition, letters, states, verdicts, people, kinds, findings, what is missing, flags and links of every
mail. {same} scenarios give the same answers; the others, with the reason, are below. Made by
`python -m tests.replay.changes {commit}`.

| scenario | mail | what | before | now | why |
|---|---|---|---|---|---|
"""
# Runs in either tree; both have these names in their own versions.
_PLAY = """
import json, sys, tempfile
from dataclasses import replace
from pathlib import Path
from ruamel.yaml import YAML
from tests.replay.test_scenarios import play
from tests.support.databases import scenario_shells
from tests.support.scenarios import expanded
from mailintake.app.demo.mails import parse_script, when
from mailintake.app.replay import Clock
from mailintake.config import load

def said(row):
    return {
        "class": [row["message_class"]], "procedure": row["procedures"], "variant": [row["variant"]],
        "disposition": [row["disposition"]], "letters": [one["letter"] for one in row["letters"]],
        "states": [one["state"] for one in row["cases"]], "verdicts": [one["verdict"] for one in row["cases"]],
        "people": [one["name"] for one in row["applicants"]], "kinds": [one["kind"] or "?" for one in row["documents"]],
        "findings": [f["code"] for d in row["documents"] for f in d["findings"] if f.get("severity") == "correct"],
        "missing": [one["code"] for one in row["missing"]], "flags": [one["code"] for one in row["flags"]],
        "linked": [one["linked_by"] for one in row["cases"]],
    }

configuration = load(None)
for name in sys.argv[2:]:
    folder = Path(sys.argv[1], name)
    loaded = YAML(typ="safe").load(folder / "scenario.yaml")
    script = parse_script(expanded(loaded))
    mine = replace(configuration, settings=replace(configuration.settings, ocr=bool(loaded.get("ocr", False))))
    clock = Clock(when(script.mails[0]))
    with tempfile.TemporaryDirectory() as place, scenario_shells(mine, Path(place), clock) as shells:
        for spec, row, letters in play(script, shells, clock, folder):
            answer = {key: sorted({str(one) for one in value}) for key, value in said(row).items()}
            print(json.dumps([name, spec["id"], answer], ensure_ascii=False), flush=True)
"""


def unpacked(commit: str, folder: Path) -> Path:
    """The tree of that commit."""
    packed = subprocess.run(["git", "archive", commit, *_PARTS], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def interpreter(tree: Path, folder: Path) -> Path:
    """A Python that has this one's packages and the program of that tree, in its reader processes too."""
    venv.create(folder, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (packages / "aaa.pth").write_text(f"{tree / 'src'}\n")
    (packages / "zzz.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    return folder / "bin" / "python"


def answers(tree: Path, scenarios: Path, names: list[str]) -> dict[tuple[str, str], dict[str, list[str]]]:
    """What the program of that tree makes of every mail of these scenarios."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(interpreter(tree, Path(folder))), "-c", _PLAY, str(scenarios), *names]
        environment = {**os.environ, "PYTHONPATH": str(tree)}
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=True)
    found = (json.loads(line) for line in done.stdout.splitlines())
    return {(scenario, mail): answer for scenario, mail, answer in found}


def rows(before: Mapping[Any, Any], now: Mapping[Any, Any], reasons: Mapping[str, str]) -> Iterator[str]:
    """A line for every mail and part of its answer that differs."""
    for (scenario, mail), answer in before.items():
        for part, told in answer.items():
            other = now[scenario, mail][part]
            if other != told:
                lost, new = sorted(set(told) - set(other)), sorted(set(other) - set(told))
                why = reasons.get(scenario, "?")
                yield f"| {scenario} | {mail} | {part} | {', '.join(lost) or '—'} | {', '.join(new) or '—'} | {why} |"


def main(commit: str) -> int:
    """Prints the page. 1: an answer changed and nobody says why."""
    reasons = YAML(typ="safe").load(REASONS) or {}
    with tempfile.TemporaryDirectory() as folder:
        old = unpacked(commit, Path(folder))
        scenarios = old / "tests" / "replay"
        names = sorted(place.parent.name for place in scenarios.glob("*/scenario.yaml"))
        lines = list(rows(answers(old, scenarios, names), answers(ROOT, scenarios, names), reasons))
    changed = {line.split(" | ")[0] for line in lines}
    sys.stdout.write(_HEAD.format(count=len(names), commit=commit, same=len(names) - len(changed)))
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any(line.endswith("| ? |") for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
