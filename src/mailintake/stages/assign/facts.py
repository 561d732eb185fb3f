"""What is known of each person, put together: every source kept, contradictions named, never settled silently."""

from collections.abc import Iterable, Mapping, Sequence

from mailintake.model.case import Applicant
from mailintake.model.facts import Field, Reading
from mailintake.model.rules import RuleSet
from mailintake.model.value import value
from mailintake.stages.assign.kinds import Sorted
from mailintake.stages.assign.people import Person
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.names import find_names, name_words
from mailintake.stages.words.text_facts import TextFact

_OLD_PAGE = "old_passport_page"
_OWN = frozenset(
    {"abtc_basic_data", "passport_page", _OLD_PAGE, "new_passport_page", "passport_colour_scan", "card_both_sides"}
)
_BEHIND, _ABOVE = 6, 120  # characters between a person and a fact of that person
_SIMPLE = ("birth_date", "card_no", "card_expiry")


@value
class TextView:
    """One text of the mail with its facts."""

    text: str
    facts: tuple[TextFact, ...]


def shared_facts(views: Iterable[TextView], people: Sequence[Person], rules: RuleSet) -> list[list[Field]]:
    """Fields of each person out of the mail's texts; the last list holds what belongs to nobody in particular."""
    found: list[list[Field]] = [[] for _ in range(len(people) + 1)]
    for view in views:
        for fact, owner in _owned(view, people, rules):
            found[len(people) if owner is None else owner].append(fact.field())
    return found


def _owned(view: TextView, people: Sequence[Person], rules: RuleSet) -> Iterable[tuple[TextFact, int | None]]:
    personal = [fact for fact in view.facts if fact.name not in ("reason", "registered_company")]
    yield from ((fact, 0 if len(people) == 1 else None) for fact in view.facts if fact not in personal)
    if len(people) == 1:
        yield from ((fact, 0) for fact in personal)
        return
    plain = simplify(view.text)
    places = _places(plain, people, rules)
    for group in _runs(plain, personal):
        row = _enumeration(plain, places, group[0].start)
        if len(row) == len(group) > 1:
            yield from zip(group, row, strict=True)
        else:
            yield from ((fact, _nearest(plain, places, fact)) for fact in group)


def _places(text: str, people: Sequence[Person], rules: RuleSet) -> list[tuple[int, int, int]]:
    """(start, end, person) of every mention of an applicant."""
    found = [
        (mention.start, mention.end, i)
        for mention in find_names(text, name_words(rules.vocabulary))
        for i, person in enumerate(people)
        if person.name == mention.name
    ]
    lower = text.lower()
    for i, person in enumerate(people):
        for name in {person.name, person.latin} - {""}:
            at = lower.find(name.lower())
            if at >= 0 and not any(start == at for start, _, _ in found):
                found.append((at, at + len(name), i))
    return sorted(found)


def _runs(text: str, facts: Sequence[TextFact]) -> Iterable[list[TextFact]]:
    """Neighbouring facts of one name with only stops of an enumeration between: A、B、C."""
    run: list[TextFact] = []
    for fact in facts:
        near = run and fact.name == run[-1].name and not text[run[-1].end : fact.start].strip(" ,\u3001;/&")
        if run and not near:
            yield run
            run = []
        run.append(fact)
    if run:
        yield run


def _enumeration(text: str, places: Sequence[tuple[int, int, int]], before: int) -> list[int]:
    """The people enumerated last before a place: A、B、C."""
    row: list[int] = []
    after = before
    for start, end, person in reversed([place for place in places if place[1] <= before]):
        if row and len(text[end:after].strip(" ,\u3001;/&")) > 1:
            break
        row.insert(0, person)
        after = start
    return row


def _nearest(text: str, places: Sequence[tuple[int, int, int]], fact: TextFact) -> int | None:
    """The person named last before the fact in its sentence or line, else the one right behind it, else, as in a list
    of labelled lines, the one named last above."""
    line = max(text.rfind(stop, 0, fact.start) for stop in "\n\u3002;")
    before = [(end, person) for _, end, person in places if end <= fact.start]
    if before and before[-1][0] > line:
        return before[-1][1]
    behind = [person for start, _, person in places if 0 <= start - fact.end <= _BEHIND]
    if behind and "\n" not in text[fact.end : fact.end + _BEHIND]:
        return behind[0]
    return before[-1][1] if before and fact.start - before[-1][0] <= _ABOVE else None


def applicants(
    people: Sequence[Person],
    told: Sequence[Sequence[Field]],
    files: Sequence[Sorted],
    owner: Sequence[int | None],
    readings: Mapping[str, Reading],
) -> tuple[Applicant, ...]:
    """The applicants with everything read about them."""
    made = []
    for i, person in enumerate(people):
        fields = [*told[i]]
        for file, whose in zip(files, owner, strict=True):
            reading = readings.get(file.attachment.sha256)
            if whose == i and reading is not None:
                fields += _of_document(reading, file.kind or "")
        made.append(_applicant(f"a{i + 1}", person, tuple(dict.fromkeys(fields))))
    return tuple(made)


def _of_document(reading: Reading, kind: str) -> list[Field]:
    if kind not in _OWN:
        return list(reading.fields)
    if kind != _OLD_PAGE:
        return list(reading.fields)
    old = [
        Field("old_passport_no", f.value, f.text, f.source, f.sure) for f in reading.fields if f.name == "passport_no"
    ]
    return old + [f for f in reading.fields if f.name not in ("passport_no", "expiry_date", "passport_issue_date")]


def _applicant(key: str, person: Person, fields: tuple[Field, ...]) -> Applicant:
    old = _best(fields, "old_passport_no")
    numbers = tuple(f for f in fields if f.name != "passport_no" or f.value != old)
    simple = {name: _best(fields, name) for name in _SIMPLE}
    return Applicant(
        key=key,
        name=person.name,
        name_pinyin=_best(fields, "name_pinyin") or person.latin,
        passport_no=_best(numbers, "passport_no"),
        old_passport_no=old,
        fields=fields,
        conflicts=tuple(_conflicts(numbers)),
        **simple,
    )


def _best(fields: Sequence[Field], name: str) -> str:
    """The first sure value, else the first."""
    values = [f for f in fields if f.name == name]
    return next((f.value for f in values if f.sure), values[0].value if values else "")


def _conflicts(fields: Sequence[Field]) -> Iterable[str]:
    """passport_no: form E1… / mrz E2…"""
    for name in ("passport_no", "old_passport_no", "birth_date", "card_no", "card_expiry"):
        by_value: dict[str, str] = {}
        for field in fields:
            if field.name == name and field.source != "ocr":
                by_value.setdefault(field.value, field.source)
        if len(by_value) > 1:
            yield f"{name}: " + " / ".join(f"{source} {number}" for number, source in by_value.items())
