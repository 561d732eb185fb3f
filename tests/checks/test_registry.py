"""The folder is the registry, and it refuses what would fail later."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailintake.checks import check, parameters, registry
from mailintake.checks.frame import scan
from mailintake.checks.listing import checks_document
from mailintake.checks.subject import Result, Subject
from mailintake.config import load
from mailintake.model.procedure import CheckSpec, Condition

ROOT = Path(__file__).resolve().parents[2]
GOOD = '''"""A new check."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.value import config_value


@config_value
class Params:
    """How many bytes at least."""

    least: int = 1


@check
def {name}(subject: Subject, params: Params) -> Result:
    """The file is not empty."""
    return OK if subject.facts and subject.facts.size >= params.least else subject.found("empty")
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / "invented_checks"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [n for n in sys.modules if n.startswith("invented_checks")]:
        del sys.modules[name]


def test_a_new_check_is_one_file(folder: Path) -> None:
    (folder / "not_empty.py").write_text(GOOD.format(name="not_empty"))
    found = scan([str(folder)], "invented_checks")
    assert list(found) == ["not_empty"]
    assert found["not_empty"].doc == "The file is not empty."
    assert parameters(found["not_empty"], {"least": 5}).least == 5


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (GOOD.format(name="another"), "the function is called another"),
        (GOOD.format(name="broken").replace('    """The file is not empty."""\n', ""), "without explanation"),
        (GOOD.format(name="broken").replace("@check\n", ""), "no function broken marked"),
        (GOOD.format(name="broken").replace("params: Params", "params: dict"), "frozen dataclass"),
        (GOOD.format(name="broken").replace("subject: Subject", "subject: int"), "Subject or a CaseSubject"),
        (GOOD.format(name="broken").replace("-> Result", "-> bool"), "returns Result"),
    ],
)
def test_a_malformed_check_is_refused_by_name(folder: Path, source: str, fault: str) -> None:
    (folder / "broken.py").write_text(source)
    with pytest.raises(TypeError, match=rf"check broken: .*{fault}"):
        scan([str(folder)], "invented_checks")


def test_a_parameter_that_is_not_frozen_is_refused() -> None:
    @dataclass
    class Params:
        pass

    def test_registry(subject: Subject, params: Params) -> Result:
        """A check."""
        return ()

    test_registry.__annotations__ |= {"params": Params}
    with pytest.raises(TypeError, match="frozen"):
        check(test_registry)


def test_every_check_of_the_shipped_rules_exists_and_takes_its_parameters() -> None:
    rules = load(None).rules
    specs: list[CheckSpec | Condition] = [spec for kind in rules.kinds.values() for spec in kind.checks]
    specs += [condition for procedure in rules.procedures for condition in procedure.conditions]
    for spec in specs:
        assert parameters(registry()[spec.use], spec.params)


def test_no_check_is_left_unused_by_the_shipped_rules() -> None:
    rules = load(None).rules
    used = {spec.use for kind in rules.kinds.values() for spec in kind.checks}
    used |= {condition.use for procedure in rules.procedures for condition in procedure.conditions}
    assert set(registry()) == used


def test_checks_stand_alone() -> None:
    for path in (ROOT / "src/mailintake/checks").glob("[a-z]*.py"):
        if path.stem == "listing":
            continue
        imported = [line for line in path.read_text("utf-8").splitlines() if line.startswith("from mailintake.checks.")]
        assert all(
            line.split()[1].rpartition(".")[2] in ("subject", "frame", "months", "slip_fields") for line in imported
        )


def test_the_list_of_checks_in_the_documentation_is_current() -> None:
    path = ROOT / "docs/checks.md"
    made = checks_document()
    assert path.read_text("utf-8") == made, (
        "write it anew: python -c 'from mailintake.checks.listing import checks_document as d; print(d(), end=\"\")'"
        " > docs/checks.md"
    )
