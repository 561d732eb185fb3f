"""Nobody is billed, asked or told on weak grounds alone: a person looks first."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support.judgement import HE, RULES, case_of

from mailintake.model.assessment import Verdict
from mailintake.model.claim import Ground, Source
from mailintake.model.procedure import ProcedureKey
from mailintake.stages.assess.assess import assess

WEAK = (Source.SUBJECT, Source.NAMED, Source.LATIN, Source.OCR, Source.SIGNATURE)


@pytest.mark.parametrize("source", WEAK)
def test_a_person_of_whom_only_a_weak_source_speaks_is_for_staff(source: Source) -> None:
    person = replace(HE, grounds=(Ground(source, HE.name),))
    judged = assess(case_of(ProcedureKey.NEW, people=(person,)), RULES, date(2026, 11, 9))
    assert judged.verdict is Verdict.FOR_STAFF
    assert "applicant.unproved" in judged.reasons
    assert any(flag.code == "applicant.unproved" and HE.name in flag.evidence for flag in judged.flags)


def test_a_request_or_two_sources_that_name_the_same_person_prove_him() -> None:
    for grounds in ((Source.REQUEST,), (Source.FILE_NAME, Source.OCR), (Source.FOLDER, Source.SUBJECT)):
        assert replace(HE, grounds=tuple(Ground(source, HE.name) for source in grounds)).is_proved
    assert not replace(HE, grounds=(Ground(Source.FILE_NAME, "one.jpg"), Ground(Source.FILE_NAME, "two.jpg"))).is_proved
