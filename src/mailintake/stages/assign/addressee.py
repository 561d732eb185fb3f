"""Who is answered: the name that signs the mail, its language, its city, and whether a city office writes."""

import itertools
import re

from mailintake.model.letter import Addressee
from mailintake.model.message import InboundMessage
from mailintake.model.rules import RuleSet
from mailintake.stages.assign.company import cities_in, find_city, find_company
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.names import Mention, Role, find_names, name_words
from mailintake.stages.words.offices import is_city_domain, names_city_office
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.speech import any_of, language_of

_LAST_LINES = 6  # of the text: a signature is not longer
_LONGEST = 40  # characters of a line that signs
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"(?<![A-Za-z])[A-Za-z]{1,3} ?\d{6,}")  # of a passport or card: a line of a list of people
_ITEM = re.compile(r"\d{1,2}[.)\u3001]|[(\[]\d{1,2}[)\]]")  # a line of a list
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z'-]+(?: [A-Z]\.)?(?: [A-Z][A-Za-z'-]+)")
_CLOSING = 4  # words of a line that closes a mail
_OPENS = ("dear", "hello", "hi")
_ENDS = re.compile(r"[\s:,.;()|/\u00b7\-]|\d")


def addressee(message: InboundMessage | None, rules: RuleSet) -> Addressee:
    """What the answered mail says of its sender; nothing where a letter answers no mail."""
    if message is None:
        return Addressee()
    words = own_words(message, rules)
    company = find_company(message, words, {}, rules)
    return Addressee(
        signer(message, rules),
        language_of(words),
        find_city(message, words, company, rules),
        cities_in(words.both, rules),
        _is_city_office(message, rules),
    )


def signer(message: InboundMessage, rules: RuleSet) -> str:
    """The one name that signs: alone in one of the last lines, or with company, post and telephone. Never a display
    name, a nickname or a company; empty where the mail is not signed by a name."""
    lexicon = name_words(rules.vocabulary)
    below = message.signature_text.splitlines()
    lines = [line for line in (*message.new_text.splitlines(), *below) if line.strip()][-_LAST_LINES - len(below) :]
    if latin := _latin_signer(lines, rules):
        return latin
    listed = any_of(rules.vocabulary.words("part_patterns"))
    for line in reversed(lines):
        plain = simplify(line.strip())
        if _ITEM.match(plain) or listed.search(plain):
            continue
        found = find_names(plain, lexicon)
        if len(found) == 1 and len(plain) <= _LONGEST and _signs(plain, found[0]):
            return found[0].name
    return ""


def _latin_signer(lines: list[str], rules: RuleSet) -> str:
    """A name of two or three Latin words by itself below "Kind regards": behind a comma or words of thanks alone."""
    thanks = set(rules.vocabulary.words("thanks_words"))
    for above, line in itertools.pairwise(line.strip() for line in lines):
        words = above.rstrip(",.!").lower().split()
        closes = 0 < len(words) <= _CLOSING and (above.endswith(",") or thanks.issuperset(words))
        if closes and words[0] not in _OPENS and _LATIN_NAME.fullmatch(line):
            return line
    return ""


def _signs(line: str, mention: Mention) -> bool:
    """Does a line hold the name by itself, or behind the word for who is to be called?"""
    if mention.role is Role.CONTACT:
        return True
    if _NUMBER.search(line):
        return False
    front, behind = line[: mention.start], line[mention.end :]
    if mention.role >= Role.SPOKEN or (front and behind and _HAN.search(behind)):
        return False
    apart = (not front or _ENDS.match(front[-1]) is not None) and (not behind or _ENDS.match(behind[0]) is not None)
    return apart and len(_HAN.findall(behind)) <= 2  # nothing behind but a telephone number with its word


def _is_city_office(message: InboundMessage, rules: RuleSet) -> bool:
    """By its mail domain, or by the name it writes under."""
    sender = message.sender
    if sender is None:
        return False
    return is_city_domain(sender.domain, rules) or names_city_office(simplify(sender.name), rules)
