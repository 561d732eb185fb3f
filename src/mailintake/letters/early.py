"""A renewal before its time: what its letter may say, although a person decides (guide 2.1②)."""

from datetime import date

from mailintake.letters.masking import clean
from mailintake.model.assessment import Finding
from mailintake.model.case import Case
from mailintake.model.letter import EarlyView

_CODE = "card.too_early"


def early_cards(case: Case) -> tuple[EarlyView, ...]:
    """Each card with its last day and the first day on which its renewal can be asked for. Nothing where anything else
    is in doubt, or where one of the dates was not read surely: then the letter says only that a person looks."""
    if case.assessment is None or case.assessment.reasons != (_CODE,):
        return ()
    found = [finding for finding in case.assessment.case_findings if finding.code == _CODE]
    if not all(finding.measured.get("sure", True) for finding in found):
        return ()
    return tuple(_early(finding, case) for finding in found)


def _early(finding: Finding, case: Case) -> EarlyView:
    person = case.applicant(str(finding.measured.get("applicant")))
    return EarlyView(
        name=clean(person.name or person.name_pinyin) if person is not None and len(case.applicants) > 1 else "",
        card_expiry=date.fromisoformat(str(finding.measured["card_expiry"])),
        first_day=date.fromisoformat(str(finding.required["earliest"])),
        months=int(str(finding.required["months"])),
    )
