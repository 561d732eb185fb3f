"""A Monday of an operator, played by commands: `python -m tests.measure.monday` writes docs/a-monday.md.

A rule is mistyped, found, mended, tried on examples and on the mails that came, found to make one thing worse, mended,
put in force while mails arrive, seen in the next letter, and taken back. Only the clock is ours; how long a command
took is what this machine needed.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.measure.timed import Timed
from tests.measure.week import write_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "a-monday.md"
CLERK, OPERATOR = "赵敏", "何岸"
_NEW = "首次申请办理APEC商务旅行卡，材料见附件，请查收。"
_PROLONGED = "{name}的旅行卡想顺延一期，材料见附件，请查收。"
_MAILS: tuple[Mapping[str, Any], ...] = (
    {
        "id": "he",
        "subject": "APEC商务旅行卡申请-贺知秋",
        "text": f"您好，我公司贺知秋{_NEW}他出差，签名顺延到下周补来。",
        "set": "new",
        "of": ["a"],
        "without": ["signature a"],
    },
    {
        "id": "shen",
        "from": "听涛贸易-林岸 <linan@tingtao.example>",
        "subject": "旅行卡顺延-沈砚",
        "text": _PROLONGED.format(name="我公司沈砚"),
        "set": "new",
        "of": ["d"],
    },
    {
        "id": "ji",
        "from": "高原 <gao@yuantu.example>",
        "subject": "旅行卡顺延-季云舟",
        "text": _PROLONGED.format(name="我公司季云舟"),
        "set": "new",
        "of": ["b"],
    },
    {
        "id": "last",
        "from": "陈一帆 <chen@mochuan.example>",
        "subject": "旅行卡顺延-安宁",
        "text": _PROLONGED.format(name="我公司安宁"),
        "set": "new",
        "of": ["e"],
    },
)
_PEOPLE = {
    "e": {
        "name": "安宁",
        "surname": "AN",
        "given": "NING",
        "passport": "EB2345610",
        "card": "CHN30345610",
        "company": "沈阳墨川软件有限公司",
    }
}
_RULE = """# 企业把续办叫“顺延”
- id: renew.prolonged
  score: 9
  where: [subject, new_text]
  procedure: renew
  words: [{words}]
  examples: {{matches: [旅行卡想顺延一期], not_matches: [{other}]}}
"""
_TYPO = """# 企业把续办叫“顺延”
- id: renew.prolonged
  scor: 9
  where: [subject, new_text]
  procedure： renew
  words: [顺延]
"""
_MISSPELT = """# 企业把续办叫“顺延”
- id: renew.prolonged
  scor: 9
  where: [subject, new_text]
  procedure: renew
  words: [顺延]
"""
_EXAMPLE = """- name: 顺延就是续办
  mail: {subject: 旅行卡顺延, text: 我公司员工的旅行卡想顺延一期。, files: [照片.jpg]}
  expect: {procedure: renew, fires: [renew.prolonged]}
"""


class Monday(Timed):
    """The office with an operator in it."""

    def edit(self, name: str, text: str) -> None:
        """A file of the operator's folder is written, at the time that it is."""
        path = self.folder / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        os.utime(path, (self.now.timestamp(),) * 2)
        self.page += ["", f"```yaml\n# {self.now:%m-%d %H:%M}　{name}", *text.rstrip().splitlines(), "```"]


def play(day: Monday) -> None:
    """From half past eight to the evening."""
    _mails_come(day)
    _typo_and_fix(day)
    _one_worse(day)
    _in_force(day)
    _taken_back(day)


def _mails_come(day: Monday) -> None:
    day.say(
        "## 08:30 来信",
        "",
        "两家企业来信。贺知秋是新办；沈砚的单位把续办叫“顺延”，系统没有认出来，经办人改成续办。",
    )
    day.at("周一", "08:30")
    day.do("run", "--once")
    day.do("staff", "add", CLERK, "--role", "clerk", "--mail", "zhao@office.example")
    day.do("staff", "add", OPERATOR, "--role", "operator", "--mail", "he@office.example")
    day.mail("he")
    day.mail("shen")
    day.at("周一", "08:40")
    day.do("run", "--once")
    numbers = {row["applicants"][0]: row["number"] for row in day.rows("case", "list")}
    day.do("case", "list")
    day.do("letter", "approve", day.letter(numbers["贺知秋"]), "--by", CLERK)
    day.do("case", "set_procedure", numbers["沈砚"], "renew", "--by", CLERK, "--reason", "电话核实：顺延就是续办")


def _typo_and_fix(day: Monday) -> None:
    day.say("## 09:10 加一条规则，写错两处", "", "运维在自己的文件夹里只写这一条，随程序的规则不抄。")
    day.at("周一", "09:10")
    day.edit("classification.d/prolonged.yaml", _TYPO)
    day.do("check", code=3)
    day.at("周一", "09:12")
    day.edit("classification.d/prolonged.yaml", _MISSPELT)
    day.do("check", code=3)
    day.do("explain", "unknown-key")
    day.say("## 09:14 改正，检查通过；生效的仍是原来的规则")
    day.at("周一", "09:14")
    day.edit("classification.d/prolonged.yaml", _RULE.format(words="顺延", other="续办"))
    day.do("check")
    day.do("rules", "status")
    day.do("rules", "diff")


def _one_worse(day: Monday) -> None:
    day.say("## 09:18 写一个例子，试一遍；再用来过的信回测")
    day.at("周一", "09:18")
    day.edit("tests/prolonged.test.yaml", _EXAMPLE)
    day.do("rules", "test")
    day.do("rules", "backtest", code=1)
    day.say("“签名顺延到下周”被当成了续办，经办人批准过的信会变。把词写窄，并把这一句列为不应命中：")
    day.at("周一", "09:25")
    words = "卡顺延, 旅行卡想顺延, 顺延一期"
    day.edit("classification.d/prolonged.yaml", _RULE.format(words=words, other="签名顺延到下周补来"))
    day.do("check")
    day.do("rules", "test")
    day.do("rules", "backtest")


def _in_force(day: Monday) -> None:
    day.say("## 09:30 启用，同时来信", "", "启用时又来一封；服务在两封信之间换用新规则，不用重启。")
    day.at("周一", "09:30")
    day.do("rules", "apply", "--by", OPERATOR, "--reason", "企业把续办叫顺延", "--yes")
    day.mail("ji")
    day.at("周一", "09:31")
    day.do("run", "--once")
    numbers = {row["applicants"][0]: row["number"] for row in day.rows("case", "list")}
    day.say("下一封信就按新规则写（季云舟，续办）：")
    day.do("case", "list", "季云舟")
    day.do("letter", "show", day.letter(numbers["季云舟"]), shown=12)
    day.do("letter", "approve", day.letter(numbers["季云舟"]), "--by", CLERK)
    day.at("周一", "09:40")
    day.do("run", "--once")
    day.do("trace", numbers["季云舟"])


def _taken_back(day: Monday) -> None:
    day.say("## 16:00 退回", "", "下午决定先退回，再商量。一条命令；期间已经发出的信列出来，收不回来。")
    day.at("周一", "16:00")
    day.do("rules", "rollback", "--by", OPERATOR, "--reason", "与处里商量后再用")
    day.mail("last")
    day.at("周一", "16:05")
    day.do("run", "--once")
    day.do("case", "list")
    day.do("rules", "history")
    day.do("rules", "status")
    day.say("日志里的这一天（`log.level: info`，每封来信一行，每封发出的信一行）：")
    day.page += ["", "```", *(day.folder / "data" / "run.log").read_text("utf-8").splitlines(), "```"]


@contextlib.contextmanager
def played(folder: Path) -> Iterator[Monday]:
    """A Monday that was played in that folder."""
    with pytest.MonkeyPatch.context() as patch:
        day = Monday(folder, patch, _MAILS, _PEOPLE)
        play(day)
        yield day


def run() -> None:
    """The page of the Monday."""
    head = (
        "# 一个周一",
        "",
        "运维改一条规则的一天：写错、检查、改正、例子、回测发现一处变坏、改正、边来信边启用、下一封信就用上、退回。",
        "全部由命令办理；`make monday` 重新写出本页，括号里是命令在写这一页的机器上用的时间；",
        "有测试核对命令与退出码。",
    )
    write_page(PAGE, head, played)


if __name__ == "__main__":
    run()
