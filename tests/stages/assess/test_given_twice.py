"""Where one of a group has two photos and another none, nobody is asked again for what may have been sent."""

from dataclasses import replace

import pytest
from tests.support.judgement import RULES
from tests.support.letters import TODAY, case, document

from mailintake.model.assessment import Verdict
from mailintake.model.document import Evidence
from mailintake.model.facts import FileFacts
from mailintake.stages.assess.assess import assess


@pytest.mark.parametrize(("rule", "asked"), [("owner.only_one_left", False), ("owner.file_name", True)])
def test_a_second_photo_that_nobody_else_was_left_for_may_be_anothers(rule: str, asked: bool) -> None:
    first = document("photo", "陆文博.jpg", "a1", facts=FileFacts("1" * 64, 1, "jpeg"))
    second = replace(first, path="新照片.jpg", name="新照片.jpg", sha256="2" * 64, reasons=(Evidence(rule),))
    made = assess(case(documents=(first, second), flags=()), RULES, TODAY)
    assert ("whose_document" not in made.reasons) is asked
    assert (made.verdict is not Verdict.FOR_STAFF) is asked
