"""A check can only look at what somebody reads: the facts it asks for are held against the reader of its kind."""

from functools import partial

from mailintake.config.entries import Entries, Entry, examined
from mailintake.config.problems import fault, nearest
from mailintake.config.tree import Loc
from mailintake.model.procedure import CheckSpec, DocumentKind
from mailintake.model.rules import Vocabulary


def report_readers(entries: Entries, vocabulary: Vocabulary) -> None:
    """Report kinds with an unknown reader, kinds that nothing recognises, and checks of facts that nobody reads."""
    lists = sorted(name for name in vocabulary.lists if name.startswith("doc_"))
    for entry in entries.kinds:
        examined(entry, "readers", lists, partial(_kind, entry, vocabulary))


def _kind(entry: Entry[DocumentKind], vocabulary: Vocabulary) -> None:
    from mailintake.stages.interpret.readers import READERS, title_list

    kind = entry.value
    if kind.reader and kind.reader not in READERS:
        name = kind.reader
        entry.report(("reader",), fault("unknown-reader", name=name, near=nearest(name, READERS)))
        return
    titles = title_list(kind)
    if titles and f"doc_{titles}" not in vocabulary.lists:
        entry.report(("reader",), fault("title-missing", name=f"doc_{titles}"))
    for index, spec in enumerate(kind.checks):
        _facts(entry, ("checks", index), spec, vocabulary)


def _facts(entry: Entry[DocumentKind], loc: Loc, spec: CheckSpec, vocabulary: Vocabulary) -> None:
    from mailintake.checks import parameters, registry
    from mailintake.stages.interpret.readers import LABELS, given

    made = registry().get(spec.use)
    try:
        needed = made.needs(parameters(made, spec.params)) if made is not None else ()
    except TypeError:  # a wrong parameter has been reported already
        return
    read = given(entry.value, vocabulary)
    for name in needed:
        if name not in read:
            place = (*loc, "params", "field") if name == spec.params.get("field") else (*loc, "use")
            known = ", ".join(sorted(read)) or "-"
            entry.report(place, fault("fact-not-read", fact=name, reader=entry.value.reader or "-", known=known))
            if entry.value.reader == LABELS:
                entry.report(place, fault("fact-not-labelled", name=f"doc_{entry.value.key}_{name}"))
