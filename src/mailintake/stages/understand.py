"""One mail, understood: screened, classified, linked, its files seen in the light of what it asks for."""

from dataclasses import replace

from mailintake.model.rules import ASKING, MessageClass, RuleSet
from mailintake.model.situation import KnownMail
from mailintake.model.understanding import (
    Classification,
    Link,
    LinkedBy,
    People,
    Screening,
    Understanding,
)
from mailintake.stages.assign.asked_facts import with_asked_facts
from mailintake.stages.assign.known_kinds import only_known
from mailintake.stages.assign.known_names import with_case_names
from mailintake.stages.assign.leaving import left_in, without_people
from mailintake.stages.assign.remap import kinds_for
from mailintake.stages.classify.asked_about import without_asked_about
from mailintake.stages.classify.classify import classify
from mailintake.stages.classify.which import meant_of_the_pair
from mailintake.stages.screen.screen import screen
from mailintake.stages.thread import link
from mailintake.stages.words.heard import heard_in
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.series import part_of

_MAY_PART = frozenset(  # classes of a mail that may take one person out of a group
    {
        MessageClass.APPLICATION,
        MessageClass.SUPPLEMENT,
        MessageClass.PAYMENT_SLIP,
        MessageClass.CORRECTION,
        MessageClass.WITHDRAWAL,
        MessageClass.ENQUIRY,
        MessageClass.UNKNOWN,
    }
)

_MAY_ANSWER = frozenset(  # classes that an answer to our question which of two it is may sound like
    {
        MessageClass.CHASE,
        MessageClass.ENQUIRY,
        MessageClass.THANKS,
        MessageClass.CORRECTION,
        MessageClass.PAYMENT_SLIP,
        MessageClass.UNKNOWN,
    }
)


def understand(mail: KnownMail, screened: Screening | None = None) -> Understanding:
    """Everything the decision needs. A parked mail is neither linked nor asked what it wants. `screened`: what a person
    has said about it, in the place of the machine."""
    screening = screened or screen(mail)
    if screening.parked:
        kind = screening.message_class or MessageClass.UNKNOWN
        nobody = replace(mail.people, applicants=())  # whoever a machine names applies for nothing
        return Understanding(mail.message.sha256, screening, Link(LinkedBy.NONE), Classification(kind), nobody)
    mail = mail.seeing(with_case_names(mail.message, mail.people, mail.candidates, mail.rules))
    mail = mail.seeing(with_asked_facts(mail.people, mail.candidates, mail.rules))
    found = classify(mail)
    if _is_something_else(found, mail.rules):
        mail = mail.seeing(replace(mail.people, applicants=()))  # nobody applies for what this office does
    if found.message_class in ASKING:
        mail = mail.seeing(without_asked_about(mail.message, mail.people, mail.rules))
    part = part_of(own_words(mail.message, mail.rules), mail.rules)
    linked = link(mail, found, part)
    if found.message_class in _MAY_PART and (gone := left_in(linked, own_words(mail.message, mail.rules), mail.rules)):
        mail = mail.seeing(without_people(mail.people, gone))
        found = replace(found, message_class=MessageClass.CORRECTION)
    words, names = own_words(mail.message, mail.rules), [person.name for person in mail.people.applicants]
    asked = linked.case if linked.verified and found.message_class in _MAY_ANSWER else None
    if asked is not None and meant_of_the_pair(asked, words, mail.rules):
        found = replace(found, message_class=MessageClass.SUPPLEMENT, sure=True, conflict="")
    told = heard_in(words.both, names, mail.rules)
    return Understanding(mail.message.sha256, screening, linked, found, _in_light(mail, found, linked), part, told)


def _is_something_else(found: Classification, rules: RuleSet) -> bool:
    """Did a rule say what the mail is, and that it is no matter of this office: somebody looks for work, a trial?"""
    others = {rule.id for rule in rules.classification if rule.message_class is MessageClass.UNKNOWN}
    told = any(one.rule in others and one.fired for one in found.evidence)
    return told and found.message_class is MessageClass.UNKNOWN


def _in_light(mail: KnownMail, found: Classification, linked: Link) -> People:
    """Letters and passport pages as the case's list, or the procedure asked for, calls them. Of several matters each
    one's people are seen by its own list; a letter that belongs to nobody stays what it is called."""
    people, rules = mail.people, mail.rules
    if linked.case is not None:
        made = kinds_for(linked.case.procedure, linked.case.variant, people.documents, rules)
    elif len(found.intents) == 1 and linked.by is LinkedBy.NEW:
        made = kinds_for(found.intents[0].procedure, found.intents[0].variant, people.documents, rules)
    else:
        made = people.documents
        for intent in found.intents if linked.by is LinkedBy.NEW else ():
            own = {a.key for a in people.applicants if a.name in intent.people}
            theirs = iter(kinds_for(intent.procedure, intent.variant, [d for d in made if d.applicant in own], rules))
            made = tuple(next(theirs) if d.applicant in own else d for d in made)
    procedures = {linked.case.procedure} if linked.case is not None else {i.procedure for i in found.intents}
    said = f"{mail.message.subject}\n{mail.message.new_text}"
    return replace(people, documents=only_known(made, procedures, said, rules))
