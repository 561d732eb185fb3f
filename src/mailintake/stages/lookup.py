"""What to ask the store about one mail: our letters, numbers, the sender, the people."""

from mailintake.model.identity import own_addresses
from mailintake.model.message import InboundMessage
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import People
from mailintake.model.value import value
from mailintake.stages.words.numbers import find_numbers

_MAX_TOKENS = 60


@value
class Lookup:
    """Keys for `Store.candidates`."""

    tokens: tuple[str, ...]  # Message-IDs in In-Reply-To and References
    numbers: tuple[str, ...]  # our case numbers, wherever they stand
    sender: str  # address in lower case; empty when unknown
    company_domain: str  # empty for public providers
    identifiers: tuple[str, ...]  # passport and card numbers and names


def lookup(message: InboundMessage, people: People, rules: RuleSet) -> Lookup:
    """The keys of one mail. Nothing is concluded from them here."""
    sender = message.sender.addr if message.sender else ""
    return Lookup(
        tokens=tuple(dict.fromkeys((*message.in_reply_to, *reversed(message.references))))[:_MAX_TOKENS],
        numbers=find_numbers(message.subject, message.new_text, message.quoted_text, message.signature_text),
        sender=sender,
        company_domain=company_domain(sender, rules),
        identifiers=identifiers(people),
    )


def company_domain(addr: str, rules: RuleSet) -> str:
    """The mail domain when it is a company's own, else the empty string."""
    domain = addr.rpartition("@")[2].lower().strip(".")
    public = rules.vocabulary.words("public_mail_domains")
    own = {a.rpartition("@")[2] for a in own_addresses(rules)}
    if "." not in domain or domain in public or domain in own or domain.endswith(tuple("." + name for name in public)):
        return ""
    return domain


def identifiers(people: People) -> tuple[str, ...]:
    """Numbers and names of everybody in the mail."""
    found: dict[str, None] = {}
    for applicant in people.applicants:
        for text in (applicant.passport_no, applicant.old_passport_no, applicant.card_no, applicant.name):
            if text:
                found[text] = None
    for field in people.fields:
        if field.name in ("passport_no", "old_passport_no", "card_no"):
            found[field.value] = None
    return tuple(found)
