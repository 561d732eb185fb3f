"""A paper that a case lacks, from an address that nobody knows for it: it belongs to the case and is not confirmed.

Nothing about the case is told to that address. The paper is asked for no more, satisfies no check, and a person sees
it; those who may hear about the case are told that it came from another mailbox. Only what lacks is taken: nobody from
outside puts a paper in the place of one that is there.
"""

from collections.abc import Iterator
from dataclasses import replace

from mailintake.model.assessment import Flag
from mailintake.model.case import MAIL_SIDE_OPEN, Applicant, Case
from mailintake.model.document import UNCONFIRMED, Document, Evidence, Outcome
from mailintake.model.identity import Answer, Numbers, Trust, recognise, same_company, trust
from mailintake.model.letter import LetterKind
from mailintake.model.situation import Situation
from mailintake.model.understanding import Decision, LetterOrder
from mailintake.stages.assess.open_items import OpenItem, open_items
from mailintake.stages.assess.requirements import role_of, variant_of
from mailintake.stages.decide.judging import judge
from mailintake.stages.decide.letter import letter_for
from mailintake.stages.decide.notices import BRING
from mailintake.stages.decide.parts import participants
from mailintake.stages.decide.relations import every

_UNVERIFIED = "sender.unverified"
_POINTING = frozenset({"number", "token"})  # of the mail at a case, in its own words or as an answer to our letter


def with_paper_of_another(decision: Decision, at: Situation) -> Decision:
    """The decision, and the case that the mail surely means with the papers that it lacked."""
    brings = at.understood.classification.message_class in BRING and not decision.cases
    if not brings or trust(at.message.authentication).answer is Trust.FORGED:
        return decision
    if at.candidates.by_sender or at.candidates.by_company_domain:
        return decision  # who has a case of his own may have taken the wrong number: a person looks
    found = [(case, taken) for case in _meant(at) if (taken := tuple(_taken(case, at)))]
    if len(found) != 1:
        return decision
    ((known, taken),) = found
    sender = at.message.sender.addr if at.message.sender else ""
    seen = Flag(_UNVERIFIED, f"{sender}: {', '.join(d.path for d in taken)}")
    changed = replace(
        known,
        documents=(*known.documents, *taken),
        messages=tuple(dict.fromkeys((*known.messages, at.message.sha256))),
        last_received_at=max(known.last_received_at, at.now),
        flags=tuple(dict.fromkeys((*known.flags, seen))),
    )
    changed = judge(changed, at.rules, at.now)
    if _is_faulty(changed, taken):
        return decision
    letter, to = letter_for((changed,), None, at.rules), participants(changed)
    told = () if letter is LetterKind.TO_STAFF or not to else (LetterOrder(letter, to, changed.number),)
    return replace(decision, cases=(changed,), letters=(*decision.letters, *told))


def _meant(at: Situation) -> Iterator[Case]:
    """The open cases that the mail means: by their number or our letter, where it names nobody else; by a person of
    theirs with his company, or with his passport."""
    people, link = at.understood.people, at.understood.link
    numbered = {guess.case for guess in link.guesses if not _POINTING.isdisjoint(guess.why.split("+"))}
    for case in every(at.candidates):
        if case.state not in MAIL_SIDE_OPEN:
            continue
        found = [recognise(person, case.applicants) for person in people.applicants]
        if case.number in numbered:
            if all(one.answer is Answer.YES for one in found):
                yield case
        elif found and all(one.answer is Answer.YES for one in found) and not numbered:
            same = same_company(people.company, case.company).answer is Answer.YES
            if same or any(one.why == Numbers.SHARED for one in found):
                yield case


def _taken(case: Case, at: Situation) -> Iterator[Document]:
    """The mail's papers that the case lacks, with the case's own people."""
    people, variant = at.understood.people, variant_of(case, at.rules)
    mine = {person.key: person for person in people.applicants}
    held, open_ = {document.sha256 for document in case.documents}, open_items(case, at.rules)
    why = Evidence(UNCONFIRMED, text=at.message.sender.addr if at.message.sender else "")
    for document in people.documents:
        owner = _owner(mine.get(document.applicant or ""), case)
        lacks = any(_is_lacking(item, role_of(document.kind, variant), owner) for item in open_)
        if lacks and document.sha256 not in held and not document.problem:
            yield replace(document, applicant=owner, reasons=(*document.reasons, why))


def _owner(person: Applicant | None, case: Case) -> str | None:
    found = recognise(person, case.applicants) if person is not None else None
    return case.applicants[found.place].key if found is not None and found.place is not None else None


def _is_lacking(item: OpenItem, role: str, owner: str | None) -> bool:
    return item.kind == role and item.applicant in (owner, None)


def _is_faulty(case: Case, taken: tuple[Document, ...]) -> bool:
    """Is a paper of these found faulty? Then the case stays as it was, and a person sees the mail."""
    paths = {(document.message, document.path) for document in taken}
    checked = case.assessment.documents if case.assessment else ()
    return any(c.outcome is Outcome.NOT_OK for c in checked if (c.document.message, c.document.path) in paths)
