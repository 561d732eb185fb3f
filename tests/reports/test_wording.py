"""Staff read Chinese: every code that the program can put before them has words."""

import ast
import re
from pathlib import Path

import pytest

import mailintake
from mailintake.checks import registry
from mailintake.config import load
from mailintake.config.resource import resource
from mailintake.letters.render import Renderer

SOURCES = Path(mailintake.__file__).parent
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
SAYS = {"StaffNotice", "Flag", "Finding", "notice", "to_staff", "replace"}


def constants(path: Path) -> dict[str, str]:
    """Names of the module that stand for a text."""
    return {
        target.id: node.value.value
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def said(path: Path) -> set[str]:
    """Codes that calls of this module hand to staff."""
    known, found = constants(path), set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYS and node.args:
            first = node.args[0]
            text = known.get(first.id, "") if isinstance(first, ast.Name) else getattr(first, "value", "")
            found |= {text} if isinstance(text, str) and CODE.fullmatch(text) else set()
    return found


def faults(check: str) -> set[str]:
    """What a check can find, without its subject."""
    tree = ast.parse((SOURCES / "checks" / f"{check}.py").read_text("utf-8"))
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "subject.found"]
    direct = {c.args[0].value for c in calls if isinstance(c.args[0], ast.Constant)}
    return {t for t in direct if isinstance(t, str)} & texts


def judged() -> set[str]:
    """subject.fault for every check that the shipped rules use, and what may lack."""
    rules = load(None).rules
    codes = {
        f"{kind.subject}.{fault}" for kind in rules.kinds.values() for spec in kind.checks for fault in faults(spec.use)
    }
    missing = {kind.missing for kind in rules.kinds.values() if kind.missing}
    return (
        codes
        | missing
        | {f"review.{c.params['question']}" for p in rules.procedures for c in p.conditions if c.use == "staff_review"}
    )


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """The shipped templates."""
    return Renderer(resource("templates"))


def test_every_code_in_the_program_has_words_for_staff(renderer: Renderer) -> None:
    modules = [p for folder in ("stages", "worker", "checks") for p in (SOURCES / folder).rglob("*.py")]
    codes = set().union(*map(said, modules))
    assert len(codes) > 20
    words = renderer.digest_words
    assert sorted(code for code in codes if code not in {**words.notices, **words.findings}) == []


def test_every_finding_that_the_shipped_rules_can_give_has_words_for_staff(renderer: Renderer) -> None:
    codes = judged()
    assert len(codes) > 30
    words = renderer.digest_words
    assert sorted(code for code in codes if code not in {**words.notices, **words.findings}) == []
    assert all(set(registry()) >= {spec.use for spec in kind.checks} for kind in load(None).rules.kinds.values())


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        ("张三/照片.jpg: width=1200 height=900", "张三/照片.jpg: 宽：1200 高：900"),
        ("name_pinyin=ZHANG WEI/ZHANG WEN", "姓名拼音：ZHANG WEI/ZHANG WEN"),
        ("fields=mobile/employer", "项目：手机号码、单位名称"),
        ("材料.rar (archive.encrypted)", "材料.rar （压缩包有密码）"),
        ("a@b.example: LN-2026-000001-7 (number+person)", "a@b.example: LN-2026-000001-7 （写了编号、同一申请人）"),
        ("a=b.jpg", "a=b.jpg"),
        ("a@b.example once_a_day", "a@b.example 一天内已发过同样的信"),
    ],
)
def test_evidence_is_said_in_words_and_what_strangers_wrote_stays(
    renderer: Renderer, evidence: str, shown: str
) -> None:
    assert renderer.digest_lines.evidence(evidence, renderer.digest_words) == shown
