"""Whose each file is: by the name in it, by what it says, because nobody else is left."""

import re
from collections.abc import Mapping, Sequence

from mailintake.model.document import Evidence
from mailintake.model.facts import Reading
from mailintake.model.procedure import Scope
from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.model.value import value
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.people import Person
from mailintake.stages.words.file_people import latin_in_name
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import folders, left_over, stem
from mailintake.stages.words.name_words import name_words
from mailintake.stages.words.pinyin import initials_of
from mailintake.stages.words.text_facts import group_size


@value
class Owner:
    """Whose a file is."""

    person: int | None = None  # index among the mail's people; None: nobody's
    why: tuple[Evidence, ...] = ()


_NOBODY = Owner()
_SIGNS = re.compile(r"[\W_|]+")


def owners(
    files: Sequence[FileKind], people: Sequence[Person], numbers: Mapping[str, int], mail: ReadMail
) -> tuple[Owner, ...]:
    """For each file the index of its person, or None, and why. `numbers`: whose a passport or card number is."""
    rules = mail.rules
    found = [_owner(file, people, numbers, mail) for file in files]
    if len(people) == 1:
        return tuple(_only_one(file, owner, rules) for file, owner in zip(files, found, strict=True))
    beside = _by_label(files, _by_folder(files, found, people, rules), rules)
    return tuple(_by_label(files, _left_over(files, beside, people, rules), rules))


def _scope(file: FileKind, rules: RuleSet) -> Scope | None:
    kind = rules.kinds.get(file.kind or "")
    return kind.scope if kind else None


def _owner(file: FileKind, people: Sequence[Person], numbers: Mapping[str, int], mail: ReadMail) -> Owner:
    scope = _scope(file, mail.rules)
    if scope is Scope.COMPANY:
        return _NOBODY
    named = _by_name(file, people, scope is Scope.GROUP, mail.rules)
    if named.person is None and scope is not Scope.GROUP:
        named = _by_number(file, numbers)
    if named.person is not None:
        return named
    return _NOBODY if scope is Scope.GROUP else _by_content(mail.reading(file.attachment), people, numbers)


def _by_number(file: FileKind, numbers: Mapping[str, int]) -> Owner:
    """The person whose passport or card number, told in the mail, stands in the file name."""
    name = simplify(stem(file.attachment.name)).upper()
    hits = {person for number, person in numbers.items() if number in name}
    return Owner(hits.pop(), (Evidence("owner.number", text=name, score=4.0),)) if len(hits) == 1 else _NOBODY


def _by_name(file: FileKind, people: Sequence[Person], of_group: bool, rules: RuleSet) -> Owner:
    """The one person whose name stands in the file name, else in the nearest folder. Two names: nobody's. A folder
    does not make a paper of the group one person's, nor does a folder named after a group (张三等3人)."""
    around = () if of_group else (f for f in folders(file.attachment.path) if not group_size(f, rules))
    for rule, name in (
        ("owner.file_name", stem(file.attachment.name)),
        *(("owner.folder", folder) for folder in around),
    ):
        hits = _named(name, people, rules)
        if len(hits) == 1:
            return Owner(hits[0], (Evidence(rule, text=name, score=3.0),))
        if hits:
            return _NOBODY
    return _NOBODY


def _named(name: str, people: Sequence[Person], rules: RuleSet) -> list[int]:
    plain = simplify(name).replace(" ", "")
    hits = [i for i, person in enumerate(people) if person.name in plain]
    longer = [i for i in hits if not any(people[i].name in people[j].name for j in hits if j != i)]
    if longer:
        return longer
    latin = tuple(latin_in_name(name, rules))
    by_latin = [i for i, person in enumerate(people) if any(person.is_called(word) for word in latin)]
    if by_latin:
        return by_latin
    if called := called_in(plain, [person.name for person in people], rules):
        return called
    title = _bare(name, rules)
    if titled := [i for i, person in enumerate(people) if title in person.titles]:
        return titled
    bare = "".join(c for c in plain.lower() if c.isascii() and c.isalpha())
    return [i for i, person in enumerate(people) if 1 < len(bare) <= 4 and bare.upper() in initials_of(person.name)]


def called_in(plain: str, names: Sequence[str], rules: RuleSet) -> list[int]:
    """The place of the one name whose surname stands in the text with a title behind it or a nickname's word before it,
    or that of two characters even without one, or whose given name of two characters does; where two people bear it
    nobody is meant surely."""
    words = name_words(rules.vocabulary)
    hits = set()
    for i, name in enumerate(names):
        found = words.surname.match(name)
        if found is None:
            continue
        at = plain.find(found.group())
        compound = found.end() > 1  # such a surname is no word of a file's name
        titled = words.title_behind.match(plain, at + found.end()) is not None or plain[at - 1 : at] in words.nicknames
        meant = at >= 0 and (compound or titled)
        given = name[found.end() :]
        if meant or (len(given) > 1 and given in plain):
            hits.add(i)
    return list(hits) if len(hits) == 1 else []


def _by_content(reading: Reading, people: Sequence[Person], numbers: Mapping[str, int]) -> Owner:
    for field in ("passport_no", "old_passport_no", "card_no"):
        for told in reading.all(field):
            if told in numbers:
                return Owner(numbers[told], (Evidence("owner.number", text=field, score=4.0),))
    for field in ("name_zh", "name_pinyin"):
        for told in reading.all(field):
            hits = [i for i, person in enumerate(people) if person.is_called(told)]
            if len(hits) == 1:
                return Owner(hits[0], (Evidence("owner.content", text=field, score=3.0),))
    return _NOBODY


def _only_one(file: FileKind, owner: Owner, rules: RuleSet) -> Owner:
    if owner.person is not None or _scope(file, rules) is not Scope.APPLICANT:
        return owner
    return Owner(0, (Evidence("owner.only_one", score=1.0),))


def _by_folder(
    files: Sequence[FileKind], found: Sequence[Owner], people: Sequence[Person], rules: RuleSet
) -> Sequence[Owner]:
    """A file without a name of its own goes with the others of its folder, when at least two of those are one person's,
    none is another's, and that person's paper of this kind is not there yet."""
    made = list(found)
    kinds = {(file.kind, own.person) for file, own in zip(files, found, strict=True) if own.person is not None}
    for at, file in enumerate(files):
        around = file.attachment.path.rpartition("/")[0]
        if not around or made[at].person is not None or _scope(file, rules) is not Scope.APPLICANT:
            continue
        if _named(stem(file.attachment.name), people, rules):
            continue  # two names
        beside = [i for i, other in enumerate(files) if other.attachment.path.rpartition("/")[0] == around]
        owned = [who for i in beside if (who := found[i].person) is not None]
        alone = sum(files[i].kind == file.kind and found[i].person is None for i in beside) == 1
        if len(owned) > 1 and len(set(owned)) == 1 and alone and (file.kind, owned[0]) not in kinds:
            made[at] = Owner(owned[0], (Evidence("owner.same_folder", text=around, score=2.0),))
    return made


def _by_label(files: Sequence[FileKind], found: Sequence[Owner], rules: RuleSet) -> Sequence[Owner]:
    """Files called alike but for the paper's word (董事长照片, 董事长护照; 照片A, 护照A) are one person's, when those
    of them whose owner is known are; where two of them are, or where another person's are called in another way.
    Only a paper of a kind that this person has not sent yet, and that no other file is called so."""
    labels = [_label(file, rules) for file in files]
    owned: dict[str, list[int]] = {}
    for label, own in zip(labels, found, strict=True):
        if label and own.person is not None:
            owned.setdefault(label, []).append(own.person)
    whose = {label: set(persons) for label, persons in owned.items()}
    sure = {label for label, persons in whose.items() if len(persons) == 1}
    single = [next(iter(whose[label])) for label in sure]
    parted = len(set(single)) > 1
    kinds = {(file.kind, own.person) for file, own in zip(files, found, strict=True)}
    made = list(found)
    for at, (file, label) in enumerate(zip(files, labels, strict=True)):
        if label not in sure or made[at].person is not None or _scope(file, rules) is not Scope.APPLICANT:
            continue
        person = owned[label][0]
        alone = sum(files[i].kind == file.kind for i in range(len(files)) if labels[i] == label) == 1
        if alone and (len(owned[label]) > 1 or parted) and (file.kind, person) not in kinds:
            made[at] = Owner(person, (Evidence("owner.same_label", text=label, score=2.0),))
    return made


def _label(file: FileKind, rules: RuleSet) -> str:
    """What a file in its folder is called besides the paper it is."""
    around, _, name = file.attachment.path.rpartition("/")
    bare = _bare(stem(name), rules)
    return f"{around}/{bare}" if bare else ""


def _bare(name: str, rules: RuleSet) -> str:
    """What is left of a name without words for papers, words of every file's name, and signs."""
    noise = rules.vocabulary.words("file_noise")
    left = left_over(simplify(name), rules)
    for word in noise:
        left = left.replace(word, "") if len(word) > 1 and not word.isascii() else left
    bare = _SIGNS.sub("", left)
    return "" if bare in noise else bare


def _left_over(
    files: Sequence[FileKind], found: Sequence[Owner], people: Sequence[Person], rules: RuleSet
) -> Sequence[Owner]:
    """Of each kind: one file and one person left, or as many numbered files as people and nobody has one."""
    made = list(found)
    holders = {own.person for own in found if own.person is not None}
    kinds = {file.kind for file in files if _scope(file, rules) is Scope.APPLICANT}
    for kind in kinds:
        open_files = [i for i, file in enumerate(files) if file.kind == kind and made[i].person is None]
        served = {made[i].person for i, file in enumerate(files) if file.kind == kind}
        waiting = [i for i in range(len(people)) if i not in served]
        if len(open_files) == 1 and len(holders) == 1 and not holders & served:
            waiting = list(holders)  # everything else in the mail is this person's
        if len(open_files) == 1 == len(waiting):
            made[open_files[0]] = Owner(waiting[0], (Evidence("owner.only_one_left", score=1.0),))
        elif len(open_files) == len(waiting) == len(people) > 1 and (order := _numbered(files, open_files)):
            for person, at in zip(waiting, order, strict=True):
                made[at] = Owner(person, (Evidence("owner.order", text=files[at].attachment.name, score=0.5),))
    return made


def _numbered(files: Sequence[FileKind], indices: Sequence[int]) -> list[int]:
    """The files in the order 1…n of the numbers in their names; empty when they are not numbered like that."""
    numbers = {}
    for at in indices:
        digits = "".join(c if c.isdigit() else " " for c in simplify(stem(files[at].attachment.name))).split()
        ones = [int(d) for d in digits if int(d) <= len(indices)]
        if len(ones) == 1:
            numbers[ones[0]] = at
    return [numbers[n] for n in sorted(numbers)] if len(numbers) == len(indices) else []
