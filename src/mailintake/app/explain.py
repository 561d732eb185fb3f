"""Why a mail was judged as it was: evidence with file and line, checks, decision, letter. Words come from the caller.

Everything is given as rows of cells; the first cell is the label of a block and stands in its first row only.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from mailintake.app.explain_case import CaseExplainer, Row, block
from mailintake.app.terms import said, source_name, step_name
from mailintake.letters.masking import mask_text
from mailintake.letters.render import Renderer
from mailintake.model.case import Applicant, Case
from mailintake.model.decided import Decided
from mailintake.model.document import Document, Evidence
from mailintake.model.message import Hop, Route
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Classification, Intent, Link, Understanding
from mailintake.model.zone import SHANGHAI
from mailintake.store.port import MessageRow
from mailintake.worker.intake.process import Processed, fate

Say = Callable[..., str]


class Explainer:
    """Rows about mails and cases under one set of rules. Numbers of documents are masked."""

    def __init__(self, rules: RuleSet, renderer: Renderer, say: Say) -> None:
        self._rules, self._words, self._say = rules, renderer.digest_words, say
        self.cases = CaseExplainer(rules, renderer, say)

    def mail(self, done: Processed, cases: Iterable[Case]) -> Iterator[Row]:
        """One processed mail, and the cases it opened or extended as they stand."""
        if (message := done.message) is not None:
            sender = message.sender.addr if message.sender else ""
            files = self._say("explain.files", count=len(message.documents))
            yield self._say("label.mail"), f"“{mask_text(message.subject)}”", sender, _moment(message.date), files
            yield from self.route(message.route)
        understood = done.decision.understanding if done.decision else None
        if understood is not None:
            yield from self._understanding(understood)
        yield self._say("label.result"), self._result(done)
        for case in cases:
            yield ()
            yield from self.cases.rows(case)
        letters = [(self._words.letters.get(one.order.letter.value, ""), one.letter.subject) for one in done.letters]
        yield from block(self._say("label.letter"), ((*row, self._say("explain.not_sent")) for row in letters))

    def route(self, route: Route) -> Iterator[Row]:
        """The stations a mail came by, who gave it to the receiving host, what is wrong with its header."""
        yield from block(self._say("label.route"), (self._hop(hop) for hop in route.hops))
        if route.hops:
            yield self._say("label.handed_over"), route.handed_over or self._say("explain.not_told")
        yield from block(self._say("label.defects"), ((mask_text(defect),) for defect in route.defects))

    def _hop(self, hop: Hop) -> Row:
        delay = self._say("explain.delay", seconds=hop.delay_seconds) if hop.delay_seconds else ""
        return hop.by, mask_text(hop.sender), hop.protocol, _moment(hop.at), delay

    def decided(self, decided: Decided, cases: Iterable[Case]) -> Iterator[Row]:
        """What was decided when the mail came, and the cases as that left them."""
        if decided.understanding is not None:
            yield from self._understanding(decided.understanding, decided.linked)
        yield self._say("label.result"), self._say(f"disposition.{decided.disposition.value}"), _moment(decided.at)
        yield self._say("label.rules"), decided.rules
        lines = ((self._words.notices.get(n.code, n.code), mask_text(n.text)) for n in decided.notices)
        yield from block(self._say("label.flags"), lines)
        letters = ((self._words.letters.get(kind, kind),) for kind in decided.letters)
        yield from block(self._say("label.letter"), letters)
        for case in cases:
            yield ()
            yield from self.cases.rows(case)

    def stored(self, row: MessageRow) -> Iterator[Row]:
        """What our records say about a mail, before it is judged anew."""
        disposition = self._say(f"disposition.{row.disposition.value}") if row.disposition else ""
        status = self._say(f"status.{row.status}")
        yield self._say("label.record"), str(row.id), _moment(row.received_at), status, disposition
        named = [(self._say("label.cases"), number) for number in row.cases]
        if row.reason:
            named.append((self._say("label.reason"), row.reason))
        yield from (("", *pair) for pair in named)

    def _result(self, done: Processed) -> str:
        disposition = fate(done)
        return self._say(f"disposition.{disposition.value}") if disposition else done.failure

    def _understanding(self, understood: Understanding, linked: str = "") -> Iterator[Row]:
        yield from self._class(understood.classification)
        evidence = (*understood.screening.evidence, *understood.classification.evidence)
        yield from block("", (self._evidence(e) for e in evidence if e.fired))
        yield from block(self._say("label.near"), (self._evidence(e) for e in evidence if not e.fired))
        yield from self._link(understood.link, linked)
        names = self._say("list.comma").join(a.name for a in understood.people.applicants)
        yield self._say("label.people"), names or self._say("explain.nobody")
        owners = {a.key: a.name for a in understood.people.applicants}
        yield from block(self._say("label.claims"), (self._claim(a) for a in understood.people.applicants))
        documents = understood.people.documents
        yield from block(self._say("label.files"), (self._document(d, owners) for d in documents))
        yield from block(self._say("label.why"), (row for d in documents for row in _reasons(d)))

    def _class(self, kind: Classification) -> Iterator[Row]:
        sure = self._say("explain.sure" if kind.sure else "explain.unsure")
        name = self._words.classes.get(kind.message_class.value, kind.message_class.value)
        conflict = self._words.reasons.get(kind.conflict, kind.conflict)
        yield self._say("label.class"), name, sure, conflict
        yield from block("", (self._intent(intent) for intent in kind.intents))

    def _intent(self, intent: Intent) -> Row:
        procedure = self._rules.procedure(intent.procedure)
        title = self._say("explain.variant", title=procedure.title, variant=procedure.variant(intent.variant).title)
        score = self._say("explain.score", score=intent.score)
        if intent.runner_up is None:
            return title, score
        second = self._rules.procedure(intent.runner_up).title
        needed = self._rules.policy.min_margin
        return title, score, self._say("explain.margin", second=second, margin=intent.margin, needed=needed)

    def _evidence(self, evidence: Evidence) -> Row:
        score = f"{evidence.score:+.1f}" if evidence.score else "·"
        return score, mask_text(evidence.text), step_name(evidence.rule), evidence.source

    def _link(self, link: Link, linked: str) -> Iterator[Row]:
        number = link.case.number if link.case else linked
        yield self._say("label.link"), self._say(f"linked.{link.by.value}"), number
        yield from block("", (self._evidence(e) for e in link.evidence))
        guesses = ((g.case, f"{g.score:.1f}", mask_text(g.why)) for g in link.guesses)
        yield from block(self._say("label.guess"), guesses)

    def _claim(self, person: Applicant) -> Row:
        """That somebody applies, whether that is proved, and what it rests on."""
        proved = self._say("explain.proved" if person.is_proved else "explain.unproved")
        grounds = self._say("list.comma").join(
            f"{source_name(g.source.value)} {mask_text(g.text)}" for g in person.grounds
        )
        return proved, person.name, grounds

    def _document(self, document: Document, owners: dict[str, str]) -> Row:
        kind = self._rules.kinds.get(document.kind or "")
        title = kind.title if kind else self._say("explain.unassigned")
        problem = self._words.findings.get(document.problem, document.problem)
        return mask_text(document.path), title, owners.get(document.applicant or "", ""), problem


def _reasons(document: Document) -> Iterator[Row]:
    for reason in document.reasons:
        yield mask_text(document.name), step_name(reason.rule), said(mask_text(reason.text)), reason.source


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
