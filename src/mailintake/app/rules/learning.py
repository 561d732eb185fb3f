"""A clerk's correction as an example: the mail without anybody's data, and what the clerk said it is.

Names, companies, numbers, addresses and days of birth are replaced by invented ones of the same shape, the same one
each time; check digits of machine-readable lines are made right again. What cannot be shown to be gone is not written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from mailintake.app.rules.judging import Given, Judge
from mailintake.app.rules.staff import Opinion, Topic
from mailintake.app.rules.stored import StoredMail
from mailintake.config.resource import resource
from mailintake.model.case import Case
from mailintake.model.codec import decode, encode
from mailintake.model.facts import FileFacts
from mailintake.model.identity import own_addresses
from mailintake.model.message import InboundMessage
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Candidates

_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{1,2}[0-9]{6,9}|1[3-9][0-9]{9}|[0-9]{15,19}[Xx]?|0[0-9]{2,3}-?[0-9]{7,8})(?![0-9A-Za-z])"
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}")
_MRZ = re.compile(r"[A-Z0-9<]{44}")
_APART = re.compile(r"[-_/\s()\uff08\uff09]+")  # a company and a person share one display name
_KEPT_HEADERS = ("auto-submitted", "precedence", "content-type", "x-mailer")
_WEIGHTS = (7, 3, 1)
_SHORT = 2


@dataclass(frozen=True)
class Learned:
    """An example as it is written, and what was left out because it says nothing or too much."""

    name: str
    text: str  # YAML, one list entry
    judged_alike: bool  # the anonymised mail is judged as the real one
    left: tuple[str, ...] = ()  # real values that are still in it: then it must not be written


def learn(mail: StoredMail, cases: Iterable[Case], opinions: Iterable[Opinion], judge: Judge) -> Learned:
    """The example. Nothing is written here."""
    people = tuple(cases)
    mask = Mask(mail.given, people, judge.configuration.rules)
    given = mask.applied()
    expect = _expected(opinions)
    plain, masked = (_told(judge, one) for one in (mail.given, given))
    name = f"{mail.row.id}-{'-'.join(sorted(expect)) or 'mail'}"
    body = {
        "name": name,
        "on": mail.given.at.date().isoformat(),
        "whole": {"message": encode(given.message), "facts": [encode(f) for f in given.facts.values()]},
        "expect": expect,
    }
    text = _dumped(body)
    return Learned(name, text, plain == masked, tuple(value for value in mask.real if re.search(_bounded(value), text)))


def _told(judge: Judge, given: Given) -> tuple[object, ...]:
    judged = judge.judged(judge.keys(given), Candidates())
    return judged.message_class, judged.procedures, judged.verdicts, judged.lacking


def _expected(opinions: Iterable[Opinion]) -> dict[str, Any]:
    """What the clerk's acts say about the mail; an open example expects nothing yet."""
    found: dict[str, Any] = {}
    for one in opinions:
        match one.about:
            case Topic.PROCEDURE:
                found["procedure"] = one.wanted
            case Topic.PARKED | Topic.READ:
                found["parked"] = one.about is Topic.PARKED
            case Topic.COMPLETE:
                found["verdict"] = one.wanted
            case Topic.LETTER:
                found.setdefault("letters", []).append(one.wanted)
            case Topic.REFUSED | Topic.CASE | Topic.PAPER:
                continue
    return found


def _dumped(body: Mapping[str, Any]) -> str:
    yaml, stream = YAML(), StringIO()
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = False, 110, True
    yaml.dump([dict(body)], stream)
    return stream.getvalue()


class Mask:
    """Real values of one mail with their invented ones."""

    def __init__(self, given: Given, cases: tuple[Case, ...], rules: RuleSet) -> None:
        self._given = given
        words = YAML(typ="safe", pure=True).load(resource("templates/messages/invented.yaml"))
        self._kept = frozenset(_public(rules))
        self._pairs = {real: to for real, to in _pairs(given.message, cases, words) if real not in self._kept}
        self.real = tuple(sorted((real for real in self._pairs if len(real) >= _SHORT), key=len, reverse=True))
        named = [_bounded(real) for real in self.real]
        self._pattern = re.compile("|".join((*named, _ADDRESS.pattern, _NUMBER.pattern)))

    def applied(self) -> Given:
        """The mail and its facts with every real value replaced."""
        message = decode(InboundMessage, self._tree(encode(_bare(self._given.message))))
        facts = {sha: decode(FileFacts, self._tree(encode(f))) for sha, f in self._given.facts.items()}
        return replace(self._given, message=message, facts=facts)

    def _tree(self, data: Any, key: str = "") -> Any:
        if isinstance(data, dict):
            return {name: self._tree(item, name) for name, item in data.items()}
        if isinstance(data, list):
            return [self._tree(item, key) for item in data]
        return self.text(data) if isinstance(data, str) and key not in ("sha256", "format", "date") else data

    def text(self, text: str) -> str:
        """One text with everything replaced once, numbers and addresses that no field names included. What the office
        itself publishes stays."""
        return _MRZ.sub(lambda found: self._line(found[0]), self._pattern.sub(self._invented, text))

    def _invented(self, found: re.Match[str]) -> str:
        real = found[0]
        if real in self._kept:
            return real
        return self._pairs.get(real) or (_address(real) if "@" in real else _number(real))

    def _line(self, line: str) -> str:
        known = line[:9].rstrip("<") in self._pairs.values()
        return line if line.startswith("P") else _checked(line, line[:9] if known else _number(line[:9]))


def _bounded(real: str) -> str:
    """Latin letters and digits only where nothing continues them."""
    start = "(?<![0-9A-Za-z])" if real[0].isascii() and real[0].isalnum() else ""
    end = "(?![0-9A-Za-z])" if real[-1].isascii() and real[-1].isalnum() else ""
    return start + re.escape(real) + end


def _public(rules: RuleSet) -> Iterator[str]:
    """Numbers and addresses that stand in every letter of the office."""
    office = rules.office
    yield from (fee.account for fee in rules.fees.values())
    yield from (fee.payee for fee in rules.fees.values())
    yield from (office.finance_phone, office.advice_phone, office.complaint_phone)
    yield from (city.phone for city in office.cities)
    yield from own_addresses(rules)


def _bare(message: InboundMessage) -> InboundMessage:
    """Without names of the sender's program, routes and hops."""
    headers = tuple((name, text) for name, text in message.headers if name in _KEPT_HEADERS)
    return replace(message, headers=headers, message_id="", in_reply_to=(), references=(), return_path=None)


def _pairs(message: InboundMessage, cases: tuple[Case, ...], words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = dict.fromkeys(a.name for case in cases for a in case.applicants if a.name)
    senders = (message.sender, *message.to, *message.cc, *message.reply_to)
    shown = [one.name for one in senders if one is not None and one.name]
    names |= dict.fromkeys((*shown, *(part for name in shown for part in _APART.split(name) if len(part) >= _SHORT)))
    for position, name in enumerate(names):
        invented = words["longer" if len(name) > _SHORT else "names"]
        yield name, invented[position % len(invented)]
    for position, person in enumerate(a for case in cases for a in case.applicants):
        latin = words["latin"][position % len(words["latin"])]
        surname, _, given = latin.partition(" ")
        for name, invented in (("surname_pinyin", surname), ("given_name_pinyin", given), ("name_pinyin", latin)):
            yield from ((field.value, invented) for field in person.fields if field.name == name and field.value)
        if person.name_pinyin:
            yield person.name_pinyin, latin
            yield "<<".join(person.name_pinyin.split(maxsplit=1)).replace(" ", "<"), latin.replace(" ", "<<")
        for number in (person.passport_no, person.old_passport_no, person.card_no):
            if number:
                yield number, _number(number)
        yield from _days(person.birth_date, words["days"])
    for case in cases:
        if case.company:
            yield case.company, words["company"]


def _days(born: str, forms: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A day of birth as people write it, with another one of that year in the same form."""
    year, _, rest = born.partition("-")
    month, _, day = rest.partition("-")
    if day.isdigit() and month.isdigit():
        other = _other_day(month + day)
        for form in forms:
            values = {"month": int(month), "day": int(day)}
            invented = {"m": other[:2], "d": other[2:], "month": int(other[:2]), "day": int(other[2:])}
            yield form.format(y=year, m=month, d=day, **values), form.format(y=year, **invented)


def _other_day(day: str) -> str:
    """MMDD, never the one given."""
    return "0303" if day != "0303" else "0202"


def _address(text: str) -> str:
    """Another address of the same kind: public providers stay, a company becomes an example."""
    local, _, domain = text.partition("@")
    public = domain.lower() in ("163.com", "126.com", "qq.com", "sina.com", "outlook.com", "gmail.com")
    shape = f"a{sum(local.encode()) % 1000}"
    return f"{shape}@{domain}" if public else f"{shape}@company.example"


def _number(text: str) -> str:
    """Another number of the same shape, the same one each time."""
    seed, made = sum((i + 3) * ord(c) for i, c in enumerate(text)), []
    for position, char in enumerate(text):
        seed = (seed * 1103515245 + 12345) % 2**31
        keeps = not char.isdigit() or (position == 0 and char in "01")
        made.append(char if keeps else str((seed >> 16) % 10))
    return "".join(made)


def _checked(line: str, number: str) -> str:
    """The second line of a passport (ICAO 9303 part 4) with another number, another day of birth and right digits."""
    birth, expiry, personal = f"{line[13:15]}{_other_day(line[15:19])}", line[21:27], "<" * 14
    made = f"{number}{_digit(number)}{line[10:13]}{birth}{_digit(birth)}{line[20]}{expiry}{_digit(expiry)}{personal}<"
    return made + _digit(made[0:10] + made[13:20] + made[21:43])


def _digit(text: str) -> str:
    def worth(char: str) -> int:
        return 0 if char == "<" else int(char) if char.isdigit() else ord(char) - 55

    return str(sum(worth(char) * _WEIGHTS[i % 3] for i, char in enumerate(text)) % 10)
