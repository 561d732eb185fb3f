"""The operators' handbook of rules names every key, in Chinese, with an example, and nothing that is not there."""

import re
from pathlib import Path

from ruamel.yaml import YAML

from mailintake.config import load
from mailintake.config.handbook import KEYS, handbook, keys_of, lines_of, records

PAGE = Path(__file__).resolve().parents[2] / "docs" / "handbook-rules.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == handbook(), "make docs"


def test_every_key_is_explained_in_chinese_and_no_other() -> None:
    wanted = set(records())
    wanted |= {f"{name}.{field.name}" for name, cls in records().items() for field in keys_of(cls)}
    told = lines_of(KEYS)
    explained = {key for key in told if not key.endswith(".example")}
    assert explained == wanted
    assert all(re.search(r"[\u4e00-\u9fff]", told[key]) for key in explained)
    assert {key.removesuffix(".example") for key in told if key.endswith(".example")} <= wanted


def test_every_example_is_one_line_of_yaml() -> None:
    lines = [line for line in handbook().splitlines() if line.startswith("| `") and line.count(" | ") == 2]
    assert len(lines) > 150
    for line in lines:
        key, _, example = (cell.strip().strip("`") for cell in line.strip("| ").split(" | "))
        if "…" not in example:
            assert list(YAML(typ="safe").load(example.replace("\\|", "|"))) == [key], line


def test_the_three_lines_that_change_a_number_do(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", handbook(), re.DOTALL)
    (tmp_path / "documents.yaml").write_text(block, "utf-8")
    (sized,) = [spec for spec in load(tmp_path, {}).rules.kinds["photo"].checks if spec.use == "pixel_size"]
    assert (sized.params["ratio_tolerance"], sized.params["width"]) == (0.02, 600)
