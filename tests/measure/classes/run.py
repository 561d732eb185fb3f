"""What kind of mail the program takes the mails of written.yaml for.

    python -m tests.measure.classes.run [--batch written] [--faults]

Every mail comes from a company of its own and goes through the whole pipeline; where it answers, an application and our
letter to it came before.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.support.databases import scenario_shells
from tests.support.scenarios import deliver, settle

from mailintake.app.demo.mails import Answer, Script, build_mail, parse_script, when
from mailintake.app.replay import Clock
from mailintake.config import Configuration, load
from mailintake.worker.intake.process import Processed
from mailintake.worker.outbox.queueing import Queued
from mailintake.worker.shells import Shells

FOLDER = Path(__file__).parent
_AT = "2026-11-03 09:30"
_FAMILY = "樊汤葛骆佟邹栾蓝阎裴曲卞苗庞尹柴霍鲁翟牟"
_GIVEN = ("青", "予安", "长风", "宁", "远山", "启明", "若谷")
_OFFICE = "丹东市外办 <waiban@dandong.example>"


@dataclass(frozen=True)
class Taken:
    """One mail, what it is, and what the program took it for."""

    wanted: tuple[str, ...]
    place: str
    said: str
    found: str
    letters: tuple[str, ...]

    @property
    def right(self) -> bool:
        """The class is one of those that are meant."""
        return self.found in self.wanted


def mails(batch: str) -> list[dict[str, Any]]:
    """The mails of a batch, one dictionary each."""
    loaded = YAML(typ="safe").load((FOLDER / f"{batch}.yaml").read_text("utf-8"))
    return [
        {**{key: value for key, value in group.items() if key != "mails"}, "said": said}
        for group in loaded
        for said in group["mails"]
    ]


def taken(batch: str, configuration: Configuration, chosen: Sequence[int] | None = None) -> Iterator[Taken]:
    """Every mail of a batch, or those of these numbers, through the pipeline."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(when({"at": _AT}))
        with scenario_shells(configuration, Path(folder), clock) as shells:
            for number, mail in enumerate(mails(batch)):
                if chosen is None or number in chosen:
                    yield _taken(number, mail, shells, clock)


def _taken(number: int, mail: dict[str, Any], shells: Shells, clock: Clock) -> Taken:
    name = _FAMILY[number % len(_FAMILY)] + _GIVEN[number // len(_FAMILY) % len(_GIVEN)]
    sender = _OFFICE if mail.get("from") else f"小秦 <qin@firm{number}.example>"
    passport, card = f"EK{7710000 + number}", f"CHN{55200000 + number}"
    said = mail["said"].replace("〇", name).replace("EK7719203", passport).replace("CHN55201937", card)
    subject, _, text = said.replace("⏎", "\n").partition("|")
    people = {"a": {"name": name, "surname": "XI", "given": "AN", "passport": passport, "card": card}}
    people["a"]["company"] = f"沈阳松果{number}机械有限公司"
    files = [{"name": f"{name}{kind}.jpg", "is": kind, "of": ["a"]} for kind in mail.get("files", ())]
    script = parse_script({"people": people, "mails": []})
    before = _before(number, name, sender, script, shells, clock) if mail["in"] != "new" else None
    answer = Answer(before.order.case or "", before.letter.message_id) if before else None
    spec = {"id": f"m{number}", "at": _AT, "from": sender, "subject": subject.strip(), "text": text.strip()}
    spec |= {"files": files, "threaded": mail["in"] == "reply"}
    if mail["in"] == "reply" and before:
        spec["subject"] = f"回复：{before.letter.subject}"
    done = _deliver(spec, script, shells, clock, answer)
    letters = tuple(one.order.letter.value for one in done.letters)
    return Taken(tuple(mail["class"]), mail["in"], mail["said"], _class(done), letters)


def _before(number: int, name: str, sender: str, script: Script, shells: Shells, clock: Clock) -> Queued | None:
    """An application in words only, and our letter to it."""
    text = f"老师好，我公司{name}的APEC商务旅行卡明年二月到期，申请续办，材料稍后发来。"
    spec = {"id": f"a{number}", "at": _AT, "from": sender, "subject": f"{name}续办APEC卡", "text": text, "files": ()}
    done = _deliver(spec, script, shells, clock, None)
    clock.now += timedelta(days=1)
    return done.letters[0] if done.letters else None


def _deliver(spec: dict[str, Any], script: Script, shells: Shells, clock: Clock, answer: Answer | None) -> Processed:
    clock.now += timedelta(minutes=20)
    raw = build_mail(spec | {"at": clock.now.isoformat()[:16]}, script, shells.rules, answer)
    done = deliver(shells, raw)
    settle(shells)
    return done


def _class(done: Processed) -> str:
    understood = done.decision.understanding if done.decision else None
    return understood.classification.message_class.value if understood else ""


def main(arguments: Sequence[str]) -> int:
    """Print the share of every class and, if asked, what was taken for something else; 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", default="written")
    parser.add_argument("--faults", action="store_true")
    asked = parser.parse_args(arguments)
    configuration = load(None)
    configuration = replace(configuration, settings=replace(configuration.settings, ocr=False))
    found = tuple(taken(asked.batch, configuration))
    for wanted, place in dict.fromkeys((one.wanted, one.place) for one in found):
        rows = [one for one in found if (one.wanted, one.place) == (wanted, place)]
        _say(f"| {'/'.join(wanted)}, {place} | {sum(one.right for one in rows)} of {len(rows)} |")
        for one in rows if asked.faults else ():
            if not one.right:
                _say(f"    {one.found} {','.join(one.letters)}: {one.said}")
    right = sum(one.right for one in found)
    _say(f"| all | {right} of {len(found)} ({100 * right / len(found):.1f} %) |")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
