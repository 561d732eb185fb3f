"""The house has rooms and no rings; doors marked private stay shut; what is cited can be read here."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.rooms import PACKAGE, ROOT, House, houses

from mailintake.config import load

SOURCE = ROOT / "src" / PACKAGE
LISTED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
TRACKED = [ROOT / name for name in LISTED.splitlines() if (ROOT / name).is_file()]
PYTHON = [path for path in TRACKED if path.suffix == ".py"]
WRITTEN = [path for path in TRACKED if path.suffix in (".py", ".md", ".yaml", ".toml", ".txt", ".html")]
OUTSIDE = re.compile(
    r"\bdesign(?:\.md| section| \d+\.\d)|\b(?:domain|reliability|performance|libraries|features|desk|house|style)\.md"
)


def test_the_stages_are_few_rooms_on_few_floors() -> None:
    stages = next(house for house in houses(SOURCE) if house.name == "stages")
    assert len(stages.arrows) <= 17
    assert stages.floors <= 5
    assert stages.count <= 30


@pytest.mark.parametrize("house", houses(SOURCE), ids=lambda house: house.name)
def test_no_rooms_lead_to_each_other(house: House) -> None:
    assert house.rings == ()


def kinds_named(path: Path, kinds: frozenset[str]) -> set[str]:
    """Kinds of document that stand as such in the code of a file; `photo` is the shape of a picture as well."""
    found = (node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant))
    return {value for value in found if isinstance(value, str) and value in kinds}


def test_no_stage_worker_or_letter_names_a_kind_of_document_that_the_table_does_not_have() -> None:
    page = (ROOT / "docs/document-kinds.md").read_text("utf-8")
    table = {row[0]: set(row[1].split(", ")) for row in re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", page, re.MULTILINE)}
    kinds = frozenset(load(None, {}).rules.kinds) - {"signature"}  # a portrait and a signature are shapes, too
    for package in ("stages", "worker", "letters"):
        for path in (SOURCE / package).rglob("*.py"):
            place = path.relative_to(SOURCE).as_posix()
            assert kinds_named(path, kinds) <= table.get(place, set()), place


# A box's sides and the columns of a library's answer are what everybody calls them; keys are only compared.
MEASURES = {
    "model/facts.py": ("tuple[int, int, int, int]", "tuple[float, float, float, float]"),  # left, top, right, bottom
    "readers/files/pdf_places.py": ("tuple[float, float, float, float]",),  # the same as PDF counts
    "mailbox/folders.py": ("tuple[Sequence[bytes], object, bytes | str]",),  # imapclient's line of LIST
    "model/ruling.py": ("tuple[About, str, str, str]",),  # a key
    "stages/digest.py": ("tuple[date, int, str]",),  # a key
    "stages/words/kind_names.py": ("tuple[bool, int, int]",),  # a key
}


def nameless(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Annotations by tuples of three places and more, but for keys of mappings and sets: line and text."""
    keys = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("dict", "Mapping", "set", "frozenset")
        for inner in ast.walk(node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "tuple" and id(node) not in keys:
            places = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
            if len(places) > 2:
                yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_tuple_whose_places_have_meanings_names_them(path: Path) -> None:
    allowed = MEASURES.get(path.relative_to(SOURCE).as_posix(), ())
    found = [what for _, what in nameless(ast.parse(path.read_text("utf-8"))) if what not in allowed]
    assert found == []


def private(dotted: str) -> str:
    """The first private part of a dotted name, or the empty string."""
    return next((part for part in dotted.split(".") if part.startswith("_") and not part.startswith("__")), "")


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_private_module_is_imported_from_another_package(path: Path) -> None:
    own = path.relative_to(ROOT / "src").parent.as_posix().replace("/", ".") if path.is_relative_to(SOURCE) else ""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE):
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith(PACKAGE)]
        for name in names:
            assert not private(name) or name.rpartition(".")[0] == own, name


def test_what_the_makefile_runs_is_public() -> None:
    used = re.findall(rf"{PACKAGE}[\w.]+", (ROOT / "Makefile").read_text("utf-8"))
    assert [name for name in used if private(name)] == []


def test_nothing_is_cited_that_is_not_here() -> None:
    texts = {path: path.read_text("utf-8", "replace") for path in WRITTEN if path != Path(__file__)}
    cited = [f"{path.relative_to(ROOT)}: {hit[0]}" for path, text in texts.items() for hit in OUTSIDE.finditer(text)]
    assert cited == []


def test_every_reading_of_the_guide_that_the_code_names_is_explained() -> None:
    page = (ROOT / "docs/readings.md").read_text("utf-8")
    explained = set(re.findall(r"^\| (A\d+) \|", page, re.MULTILINE))
    sources = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    named = {label for found in re.findall(r"\breadings? (A\d+(?:, A\d+)*)", sources) for label in found.split(", ")}
    assert named
    assert named - explained == set()
