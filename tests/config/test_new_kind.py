"""The checklist "a new kind of document" of CONTRIBUTING.md, done as it stands there."""

import re
import shutil
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path

import pytest
from tests.support.databases import scenario_shells
from tests.support.scenarios import deliver

from mailintake.app.contract import as_json
from mailintake.app.replay import Clock
from mailintake.config import check, load, resource_folders
from mailintake.letters.render import Renderer
from mailintake.model.zone import SHANGHAI

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(?:yaml|jinja) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RECORD = "\u51fa\u5165\u5883\u8bb0\u5f55"
NOW = datetime(2026, 11, 9, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped configuration and templates with the blocks of the checklist laid over them."""
    for name in ("config", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    blocks = dict(BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert len(blocks) == 4, blocks.keys()
    for name, text in blocks.items():
        file = tmp_path / name
        if "/procedures/" in name:
            file.write_text(file.read_text("utf-8").replace("    email:\n", f"    email:\n{text}", 1), "utf-8")
        else:
            file.write_text((file.read_text("utf-8") if file.exists() else "") + text, "utf-8")
    return tmp_path


def application(date: str) -> bytes:
    """An application with the new paper, of that date."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = "suhe@qingchuan.example", "lnwfapec@163.com", "<1@qingchuan.example>"
    mail["Subject"] = "新办APEC卡"
    mail.set_content("贺知秋新办APEC商务旅行卡，材料见附件。")
    text = f"{RECORD}查询结果\n姓名：贺知秋\n查询日期：{date}\n"
    mail.add_attachment(text.encode(), maintype="text", subtype="plain", filename=f"贺知秋{RECORD}.txt")
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("date", "outcome", "findings"), [("2026年10月20日", "ok", []), ("2026年8月1日", "not_ok", ["record.expired"])]
)
def test_the_new_paper_is_known_read_and_checked(
    folder: Path, tmp_path: Path, date: str, outcome: str, findings: list[str]
) -> None:
    assert check(folder / "config", {}) == ()
    configuration = load(folder / "config", {})
    settings = replace(configuration.settings, ocr=False)
    with scenario_shells(replace(configuration, settings=settings), tmp_path, Clock(NOW)) as made:
        shells = replace(made, rendering=cache(lambda: Renderer(folder / "templates", *resource_folders("templates"))))
        done = deliver(shells, application(date))
        row = as_json("1", done, done.decision.cases if done.decision else (), [])
        body = message_from_bytes(done.letters[0].letter.raw, policy=SMTP).get_body(("plain",))
    (document,) = row["documents"]
    assert (document["kind"], document["applicant"], document["outcome"]) == ("travel_record", "贺知秋", outcome)
    assert [finding["code"] for finding in document["findings"]] == findings
    assert body is not None
    assert ("查询日起 1 个月内" in body.get_content()) is bool(findings)


def test_a_paper_that_did_not_come_is_asked_for(folder: Path) -> None:
    variant = load(folder / "config", {}).rules.procedures[0].variant(None)
    assert "travel_record" in {requirement.kind for requirement in variant.email}


def test_a_check_of_a_fact_that_nobody_reads_is_refused_with_its_place(folder: Path) -> None:
    words = folder / "config/words/travel_record.yaml"
    words.write_text(re.sub("doc_travel_record_issue_date.*\n", "", words.read_text("utf-8")), "utf-8")
    said = [str(problem) for problem in check(folder / "config", {})]
    assert said
    lines = (folder / "config/documents.yaml").read_text("utf-8").split("\n")
    line = next(n for n, text in enumerate(lines, start=1) if "field: issue_date, months: 1}" in text)
    assert all(f"documents.yaml:{line}:" in problem for problem in said)
    assert "doc_travel_record_issue_date" in " ".join(said)


def test_a_kind_without_a_reader_can_have_no_check_of_a_fact(folder: Path) -> None:
    file = folder / "config/documents.yaml"
    file.write_text(file.read_text("utf-8").replace("  reader: labels\n", ""), "utf-8")
    assert len(check(folder / "config", {})) == 2


def test_a_reader_that_does_not_exist_is_refused_with_a_suggestion(folder: Path) -> None:
    file = folder / "config/documents.yaml"
    file.write_text(file.read_text("utf-8").replace("  reader: labels\n", "  reader: label\n"), "utf-8")
    (said,) = check(folder / "config", {})
    assert "labels" in str(said)
