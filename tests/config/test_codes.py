"""The page of codes: whatever `check`, the commands and `status` call by a code or a class, with what mends it."""

import inspect
import re
from pathlib import Path

from ruamel.yaml import YAML

from mailintake import errors
from mailintake.app.state import Trouble
from mailintake.config.catalogue import Language, catalogue
from mailintake.config.problems import WARNINGS
from mailintake.config.resource import resource

PAGE = Path(__file__).resolve().parents[2] / "docs" / "codes.md"
FAILURES = PAGE.with_name("failures.md")
_HEAD = """# 代号一览

`make docs` 从程序里写出本页。终端里看一个代号：`mailintake explain 代号`。出了问题怎么办见《[故障手册](failures.md)》。

"""
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def problem_codes() -> list[str]:
    """Codes that `check` can report: those with a meaning."""
    told = catalogue("config", Language.ZH)
    return sorted(key.removesuffix(".why") for key in told if key.endswith(".why"))


def error_classes() -> list[type[errors.MailintakeError]]:
    """Every class of error of the program."""
    found = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.MailintakeError)]
    return sorted((cls for cls in found if cls is not errors.MailintakeError), key=lambda cls: cls.__name__)


def codes_document() -> str:
    """docs/codes.md."""
    said, cli = catalogue("config", Language.ZH), catalogue("cli", Language.ZH)
    meanings = YAML(typ="safe", pure=True).load(resource("templates/messages/mailbox.yaml"))
    rows = ["## check 给出的代号", "", "| 代号 | 说的是 | 含义 | 办法 |", "|---|---|---|---|"]
    for code in problem_codes():
        what = "提醒：" if code in WARNINGS else ""
        row = (f"`{code}`", what + said[code], said[f"{code}.why"], said.get(f"{code}.fix", ""))
        rows.append(f"| {' | '.join(_cell(text) for text in row)} |")
    rows += ["", "## 运行中的错误", "", "退出码的意思见《[运维手册](operations.md)》。", ""]
    rows += ["| 类 | 程序怎么做 | 退出码 | 含义 |", "|---|---|---|---|"]
    for cls in error_classes():
        reaction = getattr(cls, "reaction", None)
        told = meanings.get(cls.__name__, "见《故障手册》里的这一行")
        rows.append(f"| `{cls.__name__}` | {reaction.name if reaction else ''} | {cls.exit_code} | {_cell(told)} |")
    rows += [
        "",
        "## status 的状态",
        "",
        "任何一条成立时 `status --exit-code` 为 1。",
        "",
        "| 状态 | 显示为 |",
        "|---|---|",
    ]
    own = {Trouble.NOT_RUNNING: "status.stopped", Trouble.PAUSED: "status.paused", Trouble.FAULT: "status.fault"}
    rows += [f"| `{one.value}` | {_cell(cli[own.get(one, f'status.trouble.{one.value}')])} |" for one in Trouble]
    return _HEAD + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return re.sub(r"\{\w+\}", "…", text).replace("|", "\\|")


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == codes_document(), "make docs"


def test_every_code_that_a_broken_configuration_shows_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    shown = {
        code
        for path in (Path(__file__).parent / "broken").glob("*/.expected-error")
        for code in re.findall(r"\[([a-z0-9-]+)\] ", path.read_text("utf-8"))
        if _CODE.fullmatch(code) or code in ("tab", "syntax")
    }
    assert len(shown) > 60
    assert not [code for code in sorted(shown) if f"`{code}`" not in page]


def test_every_error_is_in_the_handbook_of_failures() -> None:
    text = FAILURES.read_text("utf-8")
    assert not [cls.__name__ for cls in error_classes() if cls.__name__ not in text]
