"""Which kind each file is: its content, then its form fields, then its names, then its shape, then the mail's words."""

from collections.abc import Mapping, Sequence

from mailintake.model.document import Evidence
from mailintake.model.facts import FileFacts
from mailintake.model.message import Attachment
from mailintake.model.procedure import Scope
from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.model.value import value
from mailintake.stages.assign.captions import captions
from mailintake.stages.assign.own_text import chosen, recognised, taken_back, text_of
from mailintake.stages.assign.shapes import by_shape, fits, hinted, shape_among
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import folders, kind_by_name, kinds_named_in, stem, without_names
from mailintake.stages.words.kinds_here import kinds_here
from mailintake.stages.words.matching import folded_words

CONTAINERS = frozenset({"zip", "rar", "7z", "tar", "gzip", "bzip2", "xz", "zstd", "eml", "msg", "tnef", "cms", "uu"})
# A shortcut, an owner file, a volume bears the name of a paper and is none (readers/files/litter.py).
_NO_PAPER = frozenset({"shortcut", "owner_file", "resource_fork", "volume"})
_FEW, _SHORT = 2, 160  # a short covering note for one or two files says what they are


@value
class FileKind:
    """One file with what is known about its kind. `options` are the kinds a generic name leaves open."""

    attachment: Attachment
    kind: str | None = None
    options: tuple[str, ...] = ()
    reasons: tuple[Evidence, ...] = ()


def counted(attachments: Sequence[Attachment], facts: Mapping[str, FileFacts]) -> tuple[Attachment, ...]:
    """The files that are documents: containers only when their content could not be had."""
    holders = {a.path.rpartition("/")[0] for a in attachments}
    parents = {"/".join(path.split("/")[:n]) for path in holders for n in range(1, path.count("/") + 2)} - {""}
    return tuple(a for a in attachments if _is_document(a, facts.get(a.sha256), a.path in parents))


def _is_document(attachment: Attachment, facts: FileFacts | None, has_members: bool) -> bool:
    if attachment.problem:
        return True
    if has_members:
        return False
    return facts is None or facts.format not in CONTAINERS or bool(facts.problem)


@value
class _Called:
    """The kinds that a file's names speak for, and why."""

    kinds: tuple[str, ...] = ()
    reasons: tuple[Evidence, ...] = ()


def sort_kinds(
    files: Sequence[Attachment], mail: ReadMail, said: str, known: Sequence[str] = ()
) -> tuple[FileKind, ...]:
    """Every file with its kind. `said` is the mail's own text: it may name the one kind of a file without a name;
    `known` are people's names, which are no part of a kind's name."""
    under = captions(files, mail)
    named = {file.path: _captioned(under[file.path]) for file in files if file.path in under}
    first = tuple(_sort(file, named.get(file.path) or _named(file, mail.rules, known), mail) for file in files)
    return _by_text(_slips(first, said, mail.rules), said, mail.facts, mail.rules)


def _sort(file: Attachment, called: _Called, mail: ReadMail) -> FileKind:
    facts, reading, rules = mail.measured(file), mail.reading(file), mail.rules
    if facts is not None and facts.format in _NO_PAPER:
        return FileKind(file, None, (), (Evidence("kind.no_paper", text=facts.format),))
    named, reasons = called.kinds, called.reasons
    content = reading.kind if reading.kind in rules.kinds else ""
    if content:
        seen = Evidence("kind.content", text=", ".join(reading.evidence) or content, score=4.0)
        return FileKind(file, _reconciled(content, named, rules), (), (seen, *reasons))
    called = _no_letter(file, called, rules)
    named, reasons = called.kinds, called.reasons
    kind, text = by_shape(facts, rules), text_of(facts)
    if len(named) == 1 and not _portrait_of_card(named[0], kind, rules):
        if against := taken_back(text, rules.kinds[named[0]]):
            return FileKind(file, None, (), (*reasons, Evidence("kind.text_not", text=against, score=-3.0)))
        return FileKind(file, named[0], (), reasons)
    if len(named) > 1:
        if likely := shape_among(facts, named, rules):
            return FileKind(file, likely, (), (*reasons, Evidence("kind.shape", text=likely, score=1.0)))
        told, word = chosen(text, named, rules)
        why = (*reasons, Evidence("kind.text", text=word, score=2.0)) if told else reasons
        return FileKind(file, told or None, () if told else named, why)
    if kind:
        return FileKind(file, kind, (), (Evidence("kind.shape", text=kind, score=1.0),))
    told, word = recognised(text, rules)
    return FileKind(file, told or None, (), (Evidence("kind.text", text=word, score=2.0),) if told else ())


def _no_letter(file: Attachment, called: _Called, rules: RuleSet) -> _Called:
    """A list of people called after what is asked for them (cancellation, names) is no letter unless it has the form
    of one: its content says so then."""
    if not called.kinds or any(rules.kinds[kind].subject != "letter" for kind in called.kinds):
        return called
    name = fold(stem(file.name))
    if name.endswith(folded_words(rules.vocabulary.words("doc_title_letter"))):
        return called
    listing = next((word for word in folded_words(rules.vocabulary.words("list_file_names")) if word in name), "")
    return _Called(reasons=(Evidence("kind.list", text=listing),)) if listing else called


def _named(file: Attachment, rules: RuleSet, known: Sequence[str]) -> _Called:
    """Kinds by the file's name, else by the nearest folder that says something."""
    for rule, name in (
        ("kind.file_name", stem(file.name)),
        *(("kind.folder", folder) for folder in folders(file.path)),
    ):
        if found := kind_by_name(without_names(name, known), rules):
            several = _pasted_together(name, rules) if rule == "kind.folder" else ()
            return _Called(several or found.kinds, (Evidence(rule, text=found.alias, score=3.0),))
    return _Called()


def _captioned(kind: str) -> "_Called":
    return _Called((kind,), (Evidence("kind.caption", text=kind, score=2.0),))


def _pasted_together(folder: str, rules: RuleSet) -> tuple[str, ...]:
    """The papers of one person that a folder's or a Word file's name calls together (photo and signature); empty where
    it calls one."""
    named = tuple(kind for kind in kinds_named_in(folder, rules) if rules.kinds[kind].scope is Scope.APPLICANT)
    return named if len({rules.kinds[kind].subject for kind in named}) > 1 else ()


def _reconciled(content: str, named: tuple[str, ...], rules: RuleSet) -> str:
    """Content decides between families of documents; inside a family the name may be the more exact."""
    family = rules.kinds[content].subject
    same = [kind for kind in named if rules.kinds[kind].subject == family]
    if content in named or len(same) != 1:
        return content
    return same[0] if rules.kinds[content].generic else content


def _portrait_of_card(named: str, shape: str | None, rules: RuleSet) -> bool:
    """A picture called a card's (APEC卡照片) that has the shape of a portrait is the photo for the card."""
    return rules.kinds[named].subject == "card" and shape is not None and shape == hinted("portrait", rules)


def _slips(files: tuple[FileKind, ...], said: str, rules: RuleSet) -> tuple[FileKind, ...]:
    """Files whose name leaves several kinds open: by what the mail names, else each takes the kind nobody has yet."""
    taken = {file.kind for file in files}
    mentioned = set(kinds_named_in(said, rules))
    made = []
    for file in files:
        if file.kind is not None or not file.options:
            made.append(file)
            continue
        free = [kind for kind in file.options if kind not in taken] or list(file.options)
        told = [kind for kind in free if kind in mentioned]
        kind = told[0] if len(told) == 1 else free[0]
        taken.add(kind)
        why = Evidence("kind.only_one_left" if len(free) == 1 else "kind.generic_name", text=kind, score=1.0)
        made.append(FileKind(file.attachment, kind, file.options, (*file.reasons, why)))
    return tuple(made)


def _by_text(
    files: tuple[FileKind, ...], said: str, facts: Mapping[str, FileFacts], rules: RuleSet
) -> tuple[FileKind, ...]:
    """One nameless file and one kind that the mail names and no other file is: they belong together."""
    nameless = [file for file in files if file.kind is None and not _stands_for_nothing(file, facts)]
    if len(nameless) != 1 or len(files) > _FEW or len(said) > _SHORT:
        return files
    taken = {file.kind for file in files}
    wanted = [kind for kind in kinds_here(said, rules) if kind not in taken and not rules.kinds[kind].fact]
    subjects = {rules.kinds[kind].subject for kind in wanted}
    if len(subjects) != 1 or not fits(facts.get(nameless[0].attachment.sha256), rules.kinds[wanted[0]]):
        return files
    why = Evidence("kind.mail_text", text=wanted[0], score=1.5)
    told = FileKind(nameless[0].attachment, wanted[0], (), (why,))
    return tuple(told if file is nameless[0] else file for file in files)


def _stands_for_nothing(file: FileKind, facts: Mapping[str, FileFacts]) -> bool:
    known = facts.get(file.attachment.sha256)
    return known is not None and known.format in _NO_PAPER
