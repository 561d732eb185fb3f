"""What the pure part makes of one mail under a set of rules: everything it would store and every word it would write.

Files are measured once a process; what a mail's words are (`readers/mail`) and all that follows is done anew each time,
so that two sets of rules can be compared quickly over many mails.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from tests.support.scenarios import expanded

from mailintake.app.demo.mails import Answer, build_mail, parse_script, when
from mailintake.config import Configuration, load, resource_folders
from mailintake.letters.render import Renderer
from mailintake.letters.view import letter_view
from mailintake.model.facts import FileFacts
from mailintake.model.message import InboundMessage
from mailintake.model.rules import RuleSet
from mailintake.model.situation import KnownMail, ReadMail, Situation
from mailintake.model.understanding import Candidates, Decision, LetterOrder
from mailintake.readers.expand import open_message
from mailintake.readers.port import Limits
from mailintake.stages.assign.steps import assign
from mailintake.stages.decide.decide import decide
from mailintake.stages.interpret import interpret
from mailintake.stages.understand import understand
from mailintake.stages.wants import wants_text

REPLAY = Path(__file__).parents[1] / "replay"


@dataclass(frozen=True)
class Sample:
    """One mail of a replay scenario, as its bytes."""

    name: str
    raw: bytes
    at: datetime


@cache
def shipped() -> Configuration:
    """The configuration as delivered."""
    return load(None, {})


@cache
def samples() -> tuple[Sample, ...]:
    """The first mail of every scenario."""
    return tuple(_samples())


def _samples() -> Iterator[Sample]:
    for file in sorted(REPLAY.glob("*/scenario.yaml")):
        script = parse_script(expanded(YAML(typ="safe").load(file)))
        spec = script.mails[0]
        no_answer: Answer | None = None
        raw = (file.parent / spec["eml"]).read_bytes() if "eml" in spec else None
        yield Sample(file.parent.name, raw or build_mail(spec, script, shipped().rules, no_answer), when(spec))


@cache
def _measured(sample: Sample) -> dict[str, FileFacts]:
    return dict(opened_mail(sample, shipped().rules)[1])


def opened_mail(
    sample: Sample, rules: RuleSet, limits: Limits | None = None
) -> tuple[InboundMessage, dict[str, FileFacts]]:
    """What the readers find in a mail under these rules."""
    with tempfile.TemporaryDirectory() as folder:
        raw, out = Path(folder, "raw"), Path(folder, "out")
        raw.write_bytes(sample.raw)
        out.mkdir()
        reading = open_message(raw, out, rules.vocabulary, limits or shipped().settings.limits)
    return reading.message, dict(reading.facts)


def observe(sample: Sample, rules: RuleSet) -> str:
    """Everything that a person could notice of that mail: what was read, decided and written."""
    same_words = rules.vocabulary == shipped().rules.vocabulary
    message, facts = (_message(sample), _measured(sample)) if same_words else opened_mail(sample, rules)
    names = {a.sha256: a.name for a in message.attachments}
    readings = {sha: interpret(f, f.text, names.get(sha, ""), rules) for sha, f in facts.items()}
    people = assign(ReadMail(message, facts, readings, rules, sample.at))
    mail = KnownMail(message, people, Candidates(), rules)
    understood = understand(mail)
    numbers = (f"LN-2026-{n:06}-0" for n in range(1, 100))
    decision = decide(Situation(mail, understood, sample.at), numbers)
    unread = {sha: _unread(f) for sha, f in facts.items()}
    letters = [_letter(order, decision, message, rules, sample.at) for order in decision.letters]
    return "\n".join([repr((readings, understood, decision, wants_text(people, unread, rules))), *letters])


@cache
def _message(sample: Sample) -> InboundMessage:
    return opened_mail(sample, shipped().rules)[0]


def _unread(facts: FileFacts) -> FileFacts:
    return FileFacts(facts.sha256, facts.size, facts.format, facts.problem, image=facts.image, pdf=facts.pdf)


@cache
def _renderer() -> Renderer:
    return Renderer(*resource_folders("templates"))


def _letter(order: LetterOrder, decision: Decision, message: InboundMessage, rules: RuleSet, at: datetime) -> str:
    cases = {case.number: case for case in decision.cases}
    view = letter_view(order, cases, message, rules, at.date(), answer_by=at.date())
    made = _renderer().letter(view)
    return f"{made.subject}\n{made.text}"
