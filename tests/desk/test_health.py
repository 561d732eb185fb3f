"""What doctor says of the desk."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.worker import shipped

from mailintake.app.doctor import Mark
from mailintake.cli.words import say
from mailintake.desk.health import examined
from mailintake.model.staff import Colleague, Role

CLERK = Colleague("周岚", Role.CLERK, "c@gov.example")


@pytest.mark.parametrize(
    ("staff", "status", "mark", "words"),
    [
        ((CLERK,), "ok", Mark.GOOD, "有应答"),
        ((CLERK,), None, Mark.ODD, "没有应答"),
        ((CLERK,), "down", Mark.BAD, "应答为 down"),
        ((Colleague("沈月", Role.AUDITOR, "a@gov.example"),), "ok", Mark.ODD, "谁也登录不了"),
    ],
)
def test_doctor_says_whether_clerks_can_work(
    staff: tuple[Colleague, ...], status: str | None, mark: Mark, words: str
) -> None:
    (told,) = examined(shipped(), staff, say, lambda: status)
    assert told.mark is mark
    assert words in told.measured


def test_a_page_that_was_edited_badly_is_named(tmp_path: Path) -> None:
    (tmp_path / "templates" / "desk").mkdir(parents=True)
    (tmp_path / "templates" / "desk" / "today.html").write_text("{% if %}", encoding="utf-8")
    (told,) = examined(replace(shipped(), folder=tmp_path), (CLERK,), say, lambda: "ok")
    assert told.mark is Mark.BAD
    assert "TemplateSyntaxError" in told.measured
