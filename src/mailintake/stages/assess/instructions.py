"""Words in a file, or in a mail, that tell a program what to do: shown to staff, and followed by nobody."""

from collections.abc import Iterator

from mailintake.model.assessment import Flag
from mailintake.model.case import Case
from mailintake.model.document import Document
from mailintake.model.rules import RuleSet
from mailintake.stages.words.fold import fold
from mailintake.stages.words.speech import any_of

CODE = "attachment.instructs"
_LONGEST = 20_000  # characters of one file
_SHOWN = 120


def instructions(case: Case, rules: RuleSet) -> Iterator[Flag]:
    """A flag for each file of the case that speaks to a machine, with its words."""
    for document in case.documents:
        if said := told_to_a_machine(_written_in(document), rules):
            yield Flag(CODE, f"{document.path}: {said}")


def told_to_a_machine(text: str, rules: RuleSet) -> str:
    """The words of a text that give orders to a program, cut; "" where there are none."""
    found = any_of(rules.vocabulary.words("machine_order_patterns")).search(fold(text))
    return found.group()[:_SHOWN] if found else ""


def _written_in(document: Document) -> str:
    """The file's name, its lines and what stands in the fields of a form."""
    text = document.facts.text if document.facts is not None else None
    lines = [line.text for line in text.lines] if text is not None else []
    return "\n".join((document.name, *(field.value for field in document.reading.fields), *lines))[:_LONGEST]
