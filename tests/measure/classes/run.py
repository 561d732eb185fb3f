"""What kind of mail the program takes the mails of written.yaml for, and what it does with them.

    python -m tests.measure.classes.run [--batch written] [--faults]

Every mail comes from a company of its own and goes through the whole pipeline; where it answers, an application and our
letter to it came before. A group says the class; it may say the letters of which one goes out ("none": no letter), the
fate, the procedure, the applicants, flags that must be raised (`flags`; "a/b" is either) and that must not (`clean`).
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
from tests.support.scenarios import SETS, deliver, settle

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
_SECOND = "闻人雪"
_OFFICE = "丹东市外办 <waiban@dandong.example>"


@dataclass(frozen=True)
class Taken:
    """One mail, what it is, what the program took it for, and everything that is otherwise than meant."""

    wanted: tuple[str, ...]
    place: str
    said: str
    found: str
    letters: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Class, and what else is said of it, are as meant."""
        return not self.faults


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
    given = mail.get("from", f"小秦 <qin@firm{number}.example>")
    sender = given.format(number=number) if "@" in given else _OFFICE
    passport, card = f"EK{7710000 + number}", f"CHN{55200000 + number}"
    said = mail["said"].replace("〇", name).replace("EK7719203", passport).replace("CHN55201937", card)
    subject, _, text = said.replace("⏎", "\n").partition("|")
    people = {"a": {"name": name, "surname": "XI", "given": "AN", "passport": passport, "card": card}}
    people["a"]["company"] = f"沈阳松果{number}机械有限公司"
    people["b"] = people["a"] | {"name": _SECOND, "surname": "WEN", "passport": f"EJ{5510000 + number}", "card": ""}
    script = parse_script({"people": people, "mails": []})
    before = _before(number, name, sender, script, shells, clock) if mail["in"] != "new" else None
    answer = Answer(before.order.case or "", before.letter.message_id) if before else None
    spec = {"id": f"m{number}", "at": _AT, "from": sender, "subject": subject.strip(), "text": text.strip()}
    spec |= {"files": list(_files(mail, people)), "threaded": mail["in"] == "reply"}
    if mail["in"] == "reply" and before:
        spec["subject"] = f"回复：{before.letter.subject}"
    done = _deliver(spec, script, shells, clock, answer)
    letters = tuple(one.order.letter.value for one in done.letters)
    faults = tuple(_faults(mail, done, letters, name))
    return Taken(tuple(mail["class"]), mail["in"], mail["said"], _class(done), letters, faults)


def _files(mail: dict[str, Any], people: dict[str, dict[str, str]]) -> Iterator[dict[str, Any]]:
    """Kinds of `files` ("photo b": the second person's; "photo - IMG_1": called so) and sets of `set`, of `of`."""
    for one in mail.get("files", ()):
        kind, key, called = (*one.split(" "), "", "")[:3]
        owner = key if key in people else "a"
        yield {"name": f"{called or people[owner]['name'] + kind}.jpg", "is": kind, "of": [owner]}
    for name in mail.get("set", "").split():
        for kind, pattern, _ in SETS[name]:
            key = mail.get("of", "a")
            yield {"name": pattern.format(name=people[key]["name"]), "is": kind, "of": [key]}


def _faults(mail: dict[str, Any], done: Processed, letters: tuple[str, ...], name: str) -> Iterator[str]:
    """What is otherwise than the group says."""
    decision = done.decision
    if (found := _class(done)) not in mail["class"]:
        yield f"class {found}"
    if decision is None or decision.understanding is None:
        return
    wanted = mail.get("letter")
    if wanted and not any(one in wanted for one in letters or ("none",)):
        yield f"letter {','.join(letters) or 'none'}"
    if "fate" in mail and decision.disposition.value not in mail["fate"]:
        yield f"fate {decision.disposition.value}"
    intents = [intent.procedure.value for intent in decision.understanding.classification.intents]
    if "procedure" in mail and mail["procedure"] not in intents[:1]:
        yield f"procedure {intents}"
    if "people" in mail:
        people = {person.name for case in decision.cases for person in case.applicants}
        if people != {said.replace("〇", name) for said in mail["people"]}:
            yield f"people {sorted(people)}"
    yield from _flag_faults(mail, {notice.code for notice in decision.notices})


def _flag_faults(mail: dict[str, Any], codes: set[str]) -> Iterator[str]:
    for code in mail.get("flags", ()):
        if not codes & set(code.split("/")):
            yield f"no {code} in {sorted(codes)}"
    for code in mail.get("clean", ()):
        if any(one.startswith(code) for one in codes):
            yield f"{code} in {sorted(codes)}"


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
    return understood.classification.message_class.value if understood else "duplicate"


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
                _say(f"    {'; '.join(one.faults)}: {one.said}")
    right = sum(one.right for one in found)
    _say(f"| all | {right} of {len(found)} ({100 * right / len(found):.1f} %) |")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
