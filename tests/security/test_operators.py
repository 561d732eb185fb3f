"""What operators write is checked before a stranger's mail meets it (CWE-1333, 1336)."""

import time
from pathlib import Path

import pytest

from mailintake.config import check, resource_folders
from mailintake.config.patterns import fault_of
from mailintake.errors import TemplateBroken
from mailintake.letters.render import Renderer
from mailintake.letters.samples import views
from mailintake.model.letter import LetterKind

SLOW = (
    "(a+)+b",
    "(a|a)*b",
    "(a|ab|b)*c",
    "(新办|新|办)+卡",
    "(?:a|a){0,60}b",
    r"(\w|\d)*z",
    ".*x.*y",
    "a*a*a*b",
    "(x|xy|y)+$",
    "([^。]*)*卡",
    "(?:[a-z]+\\.)+com",
    "(.*)*x",
    "((a{0,9}){0,9}){0,9}b",
    "(?:新|新办|办理)*证",
)
QUICK = (
    "新办",
    "申请(?:办理|领取)?[^。]{0,30}卡",
    r"^(?:re|fw)\s*:",
    r"\s*:\s*(a)",
    "[a-z]{1,20}@",
    "(?:ab){2,3}c",
    "a+b",
    "卡.*丢",
)


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_a_mail_could_hang_is_refused_and_refusing_takes_no_time(pattern: str) -> None:
    started = time.process_time()
    assert fault_of(pattern)[0] in ("nested-pattern", "slow-pattern")
    assert time.process_time() - started < 3


@pytest.mark.parametrize("pattern", QUICK)
def test_an_ordinary_pattern_is_taken(pattern: str) -> None:
    assert fault_of(pattern) == ("", "")


def test_the_shipped_rules_hold_no_slow_pattern() -> None:
    assert check(None, {}) == ()


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ letter.__init__.__globals__ }}",
        "{% for c in [].__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{% include '../../../../etc/passwd' %}",
        "{% include '/etc/passwd' %}",
        "{{ not_there }}",
    ],
)
def test_an_operators_template_reaches_neither_python_nor_files(tmp_path: Path, template: str) -> None:
    folder = tmp_path / "templates" / "letters" / "received"
    folder.mkdir(parents=True)
    (folder / "body.txt").write_text(template, "utf-8")
    renderer = Renderer(tmp_path / "templates", *resource_folders("templates", None))
    with pytest.raises(TemplateBroken):
        renderer.letter(views(LetterKind.RECEIVED)[0])
