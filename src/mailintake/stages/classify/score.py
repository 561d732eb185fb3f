"""Every rule against one mail: what it gives to which procedure, variant or class, with the evidence kept."""

from collections.abc import Mapping
from dataclasses import field

from mailintake.model.document import Evidence
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import MessageClass, Rule, RuleSet, Where
from mailintake.model.situation import KnownMail
from mailintake.model.understanding import People
from mailintake.model.value import value
from mailintake.stages.classify.known import known_words
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import plain_name
from mailintake.stages.words.matching import find
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import official_text


@value
class Scores:
    """Sums of one mail, by the words that they were counted in."""

    words: OwnWords
    procedures: Mapping[ProcedureKey, float] = field(default_factory=dict)
    variants: Mapping[tuple[ProcedureKey, str], float] = field(default_factory=dict)
    classes: Mapping[MessageClass, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    known: frozenset[str] = frozenset()

    def ranked(self) -> list[tuple[ProcedureKey, float]]:
        """Procedures with their sums, best first, in the guide's order where equal."""
        return sorted(self.procedures.items(), key=lambda item: -item[1])


def score(mail: KnownMail, words: OwnWords) -> Scores:
    """All rules over all places. Class rules see `procedure_named` when the words name a procedure clearly."""
    rules = mail.rules
    known = set(known_words(mail, words))
    places = _places(words, mail.people)
    places[Where.KNOWN] = "\n".join(sorted(known))
    procedures: dict[ProcedureKey, float] = {}
    variants: dict[tuple[ProcedureKey, str], float] = {}
    classes: dict[MessageClass, float] = {}
    evidence: list[Evidence] = []
    for rule in rules.classification:
        if rule.procedure is not None and (gained := _apply(rule, places, rules, evidence)):
            procedures[rule.procedure] = procedures.get(rule.procedure, 0.0) + gained
            if rule.variant:
                aim = (rule.procedure, rule.variant)
                variants[aim] = variants.get(aim, 0.0) + gained
    known |= set(_derived(procedures, known, places, rules))
    places[Where.KNOWN] = "\n".join(sorted(known))
    for rule in rules.classification:
        kind = rule.message_class
        if rule.procedure is None and kind is not None and (gained := _apply(rule, places, rules, evidence)):
            classes[kind] = classes.get(kind, 0.0) + gained
    return Scores(words, procedures, variants, classes, tuple(evidence), frozenset(known))


def _derived(
    procedures: Mapping[ProcedureKey, float], known: set[str], places: Mapping[Where, str], rules: RuleSet
) -> list[str]:
    """What class rules may know once procedures are scored."""
    best = max(procedures.values(), default=0)
    if best >= rules.policy.min_score and places[Where.NEW_TEXT].strip() + places[Where.SUBJECT].strip():
        return ["procedure_named"]
    ours = known & {
        "own_papers",
        "in_thread",
        "sender_has_case",
        "is_reply",
    }  # a stranger's quotation supplements nothing
    return ["documents_without_request"] if "docs_some" in known and ours else []


def _places(words: OwnWords, people: People) -> dict[Where, str]:
    documents = people.documents
    names = [plain_name(part) for d in documents for part in d.path.split("/")]
    read = [f"{f.name}={f.value}" for d in documents for f in d.reading.fields]
    return {
        Where.SUBJECT: fold(words.subject),
        Where.NEW_TEXT: fold(words.text),
        Where.FILE_NAME: "\n".join(dict.fromkeys(names)),
        Where.DOCUMENT_KIND: "\n".join(sorted({d.kind for d in documents if d.kind})),
        Where.DOCUMENT_TEXT: fold(official_text(people)),
        Where.FORM_FIELD: fold("\n".join(read)),
    }


def _apply(rule: Rule, places: Mapping[Where, str], rules: RuleSet, evidence: list[Evidence]) -> float:
    """What the rule gives; its evidence goes to the list, taken-back hits of some weight as not fired."""
    gained = 0.0
    for where in rule.where:
        text = places.get(where, "")
        if not text:
            continue
        hits = find(rule, text)
        if hits.words:
            evidence.append(Evidence(rule.id, rule.source, rule.score, ", ".join(hits.words[:4]), where))
            gained += rule.score
            if rule.once:
                return gained
        elif hits.taken_back and abs(rule.score) >= rules.policy.near_score:
            evidence.append(
                Evidence(rule.id, rule.source, rule.score, ", ".join(hits.taken_back[:4]), where, fired=False)
            )
    return gained
