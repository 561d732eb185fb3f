"""Papers of the company: business licence, tax proof, trade evidence, company profile."""

import re

from mailintake.model.facts import Reading
from mailintake.stages.interpret.economies import countries_named
from mailintake.stages.interpret.fields import SURE_SCORE, Collected, code_holds, company_code, han_name
from mailintake.stages.interpret.labels import Labels
from mailintake.stages.interpret.people import company_at_start
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.page import Page

_GRADE = re.compile(r"(?<![A-Z0-9])[ABMCD](?![A-Z0-9])")
_GRADE_LIST = r"(?:[ABMCD]\s?{join}\s?){{2,5}}[ABMCD]"
_IN_BRACKETS = re.compile(r"\([^()]{3,60}\)")
GRADE_OPEN = "grade not told"  # evidence: the paper speaks of a grade that nobody could read
_GRADE_NEAR = 8
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_HEADCOUNT_NEAR = 14


def read_licence(page: Page, words: Words) -> Reading:
    """Name, code and legal representative."""
    found = Collected(page.source)
    for pair in Labels(words.labels("licence", ("employer", "company_code", "legal_person"))).pairs(page):
        clear = not pair.glued and (page.source != "ocr" or pair.score >= SURE_SCORE)
        if pair.key == "employer" and not found.has("employer"):
            found.add(
                "employer", company_at_start(pair.value, words) or pair.value, pair.value, sure=clear, at=pair.cell
            )
        elif pair.key == "company_code":
            code = company_code(pair.value)
            sure = code_holds(code) or page.source != "ocr"
            found.add("company_code", code, pair.value, sure=sure, at=pair.cell)
        elif pair.key == "legal_person":
            alone = words.pattern("licence_other").split(pair.value, maxsplit=1)[0]  # up to the label behind it
            found.add("legal_person", han_name(alone), pair.value, sure=clear, at=pair.cell)
    return Reading("", tuple(found.fields), ("title",))


def read_tax(page: Page, words: Words) -> Reading:
    """Taxpayer, grade and year."""
    found = Collected(page.source)
    for pair in Labels(words.labels("tax", ("employer", "company_code"))).pairs(page):
        clear = not pair.glued and (page.source != "ocr" or pair.score >= SURE_SCORE)
        if pair.key == "employer" and not found.has("employer"):
            found.add(
                "employer", company_at_start(pair.value, words) or pair.value, pair.value, sure=clear, at=pair.cell
            )
        elif pair.key == "company_code":
            code = company_code(pair.value)
            sure = code_holds(code) or page.source != "ocr"
            found.add("company_code", code, pair.value, sure=sure, at=pair.cell)
    grade, open_ = _grade(page.text, words)
    found.add("tax_grade", grade, sure=page.source != "ocr" or grade in "ABM")
    for mark in words.pattern("tax_year_marks").finditer(page.text):
        year = _YEAR.search(page.text[max(0, mark.start() - 6) : mark.end() + 10])
        if year:
            found.add("tax_year", year[1], sure=page.source != "ocr")
            break
    return Reading("", tuple(found.fields), ("title", GRADE_OPEN) if open_ else ("title",))


def _grade(text: str, words: Words) -> tuple[str, bool]:
    """The letter near the words for the grade, and whether a grade is spoken of that cannot be told: two different
    letters are none. What the grades are in general (A、B、M、C、D; in brackets) is not this company's."""
    listed = _GRADE_LIST.format(join=words.pattern("grade_joins").pattern)
    upper = re.sub(listed, "", _IN_BRACKETS.sub("", text.upper()))
    behind = [upper[m.end() : m.end() + _GRADE_NEAR] for m in words.pattern("tax_grade_marks").finditer(upper)]
    before = [upper[max(0, m.start() - 2) : m.start()] for m in words.pattern("tax_grade_of").finditer(upper)]
    letters = {m[0] for piece in behind + before for m in [_GRADE.search(piece)] if m}
    return (letters.pop(), False) if len(letters) == 1 else ("", bool(behind))


def read_trade(page: Page, words: Words) -> Reading:
    """Countries named and the Chinese parties."""
    found = Collected(page.source)
    _countries(page, words, found)
    labels = {squash(word): "party" for word in words.words("trade_parties")}
    labels |= {squash(word): "" for word in words.words("trade_other")}
    for pair in Labels(labels).pairs(page):
        company = company_at_start(pair.value, words)
        clear = not pair.glued and (page.source != "ocr" or pair.score >= SURE_SCORE)
        found.add("employer", company, pair.value, sure=clear, at=pair.cell)
    return Reading("", tuple(found.fields), ("title",))


def read_profile(page: Page, words: Words) -> Reading:
    """Number of staff, topics of the guide's fixed form, countries, the company's name."""
    found = Collected(page.source)
    counts = headcounts(page.flow, words)
    for count in counts[:1]:
        found.add("headcount", str(count), sure=len(set(counts)) == 1)
    topics = [key for key in words.keys("topic") if words.has(f"topic_{key}", page.text)]
    found.add("topics", " ".join(sorted(topics)))
    _countries(page, words, found)
    for row in (*page.rows[:3], *page.rows[-4:]):
        found.add("employer", company_at_start(row[0].text, words), row[0].text, sure=page.source != "ocr", at=row[0])
    return Reading("", tuple(found.fields), ("title",))


def headcounts(text: str, words: Words) -> list[int]:
    """Numbers of staff as stated: 员工人数：721人, 现有职工35名, 员工200余人. In reading order."""
    found = []
    number = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}")
    for mark in words.pattern("profile_headcount").finditer(text):
        near = text[mark.end() : mark.end() + _HEADCOUNT_NEAR].split("\n", maxsplit=1)[0]
        counted = number.search(re.split("[。;；]", near)[0])
        if counted:
            found.append(int(counted[0].replace(",", "")))
    return found


def _countries(page: Page, words: Words, found: Collected) -> None:
    named = countries_named(page.flow, words)
    found.add("economies", " ".join(named.economies), sure=page.source != "ocr")
    for country in named.others:
        found.add("countries", country, country, sure=page.source != "ocr")
