"""The basic-data form in all its shapes, and the application form: field names and printed labels to standard names."""

import re
from collections.abc import Mapping

from mailintake.model.facts import Field, PdfFacts, PdfShape, Reading
from mailintake.stages.interpret.fields import SURE_SCORE, Collected, normal
from mailintake.stages.interpret.labels import Labels
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.page import Page

FIELDS = (
    "name_zh", "surname_pinyin", "given_name_pinyin", "name_pinyin", "sex", "birth_date", "birth_place", "nationality",
    "passport_no", "old_passport_no", "passport_issue_date", "expiry_date", "id_no", "employer_en", "employer",
    "job_title_en", "job_title", "mobile", "email", "card_no", "card_expiry", "economies",
)  # fmt: skip
_ENOUGH_FIELDS = 3
_SHORTEST_INSIDE = 4  # a shorter word inside a field name says nothing: "name" in "filename"
_SEX_BOX = re.compile(r"(?:sex|gender)[_\W]*([mf])", re.IGNORECASE)
BOXES_UNKNOWN = "boxes of unknown names"  # evidence: what is lacking may stand in one of them
_OFF = frozenset({"", "off", "no", "0", "false"})


def read_fields(pdf: PdfFacts, page: Page | None, words: Words) -> Reading | None:
    """The reading of a PDF with form fields; None when its fields are not the form's."""
    known = {squash(_bare(label)): key for label, key in words.labels("form", FIELDS).items()}
    labels, boxes = dict(pdf.labels), {box.name: box for box in pdf.boxes}
    found, blank = Collected("form"), list[Field]()
    seen: set[str] = set()
    unknown = False
    for name, said in pdf.fields:
        last = re.sub(r"\[\d+\]", "", name).rpartition(".")[2]
        key = field_key(last, known) or field_key(labels.get(name, ""), known)
        sex = _SEX_BOX.search(name.rpartition(".")[2])
        text = said
        if sex and not words.has("male", said) and not words.has("female", said):  # a tick box for each sex
            key, text = "sex", "" if said.lower() in _OFF else sex[1].upper()
        unknown = unknown or key is None
        if not key:
            continue
        seen.add(key)
        if text.strip():
            found.add(key, normal(key, text, words), text, at=boxes.get(name))
        elif name in boxes or not boxes:  # the data packet of an XFA form has no boxes, and every entry is one
            box = boxes.get(name)
            blank.append(Field(key, "", source="form", page=box.page if box else None, box=box.place if box else None))
    titled = page is not None and words.has(f"title_{words.kinds.form()}", page.text)
    if len(seen) < _ENOUGH_FIELDS and not (titled and (pdf.fields or pdf.shape is PdfShape.EMPTY_FORM)):
        return None
    evidence = (f"form with {len(seen)} known fields", *((BOXES_UNKNOWN,) if unknown else ()))
    still = tuple(field for field in blank if not found.has(field.name))
    return Reading(words.kinds.form(), tuple(found.fields), evidence, blank=still)


def field_key(name: str, known: Mapping[str, str]) -> str | None:
    """The standard name for the last part of a field's name, or for its tool tip: exactly, else the label it ends with
    or holds, for the address of the company is an address. "" for a field that is none of ours, None for a name that
    says nothing."""
    part = squash(_bare(name))
    if not part:
        return None
    if part in known:
        return known[part]
    trimmed = part.rstrip("0123456789")
    if trimmed in known:
        return known[trimmed]
    inside = [k for k in known if len(k) >= (_SHORTEST_INSIDE if k.isascii() else 2) and k in part]
    return known[max(inside, key=lambda label: (trimmed.endswith(label), len(label)))] if inside else None


def _bare(text: str) -> str:
    """Letters and digits only."""
    return re.sub(r"[\W_]", "", text)


def read_printed(page: Page, words: Words, kind: str) -> Reading:
    """Labels and values of a printed, scanned or drawn form. Only a text layer is sure of them."""
    found, labels = Collected(page.source), Labels(words.labels("form", FIELDS))
    pairs = labels.pairs(page)
    for pair in pairs:
        if found.has(pair.key):
            continue
        clear = page.source != "ocr" or (pair.score >= SURE_SCORE and pair.key in ("passport_no", "id_no", "email"))
        found.add(
            pair.key, normal(pair.key, pair.value, words), pair.value, sure=clear and not pair.glued, at=pair.cell
        )
    answered = {pair.key for pair in pairs}
    blank = (Field(k, "", page.source, page=c.page, box=c.place) for k, c in labels.named(page) if k not in answered)
    return Reading(kind, tuple(found.fields), ("printed form",), blank=tuple(blank))


def printed_fields(page: Page, words: Words) -> int:
    """How many of the form's fields the page names."""
    return Labels(words.labels("form", FIELDS)).count(page)
