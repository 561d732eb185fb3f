"""A week of an invented office, played by commands: `python -m tests.measure.week` writes docs/a-week.md.

Every command runs as an operator types it, on a data folder of its own; only the clock is ours, and letters go into a
folder in the place of the network. A command that ends otherwise than it should stops the week.
"""

import contextlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.support.scenarios import expanded

from mailintake.app import build
from mailintake.app.demo.mails import Answer, build_mail, parse_script
from mailintake.cli import main
from mailintake.config import load
from mailintake.mailer.drop import DropMailer
from mailintake.model.zone import SHANGHAI

PAGE = Path(__file__).resolve().parents[2] / "docs" / "a-week.md"
CLERK, OTHER, HEAD = "赵敏", "钱峰", "孙岚"
_SETTINGS = """mailboxes:
  - {name: main, kind: folder, path: ../mails, folders: [INBOX]}
poll: {first_start: all}
letters: {default_mode: approve, quiet_seconds: 0}
start_mode: auto
sending: {gap_seconds: 0}
data_folder: ../data
log: {json: false, file: ../data/run.log}
ocr: false
"""
_DAYS = {"周一": "02", "周二": "03", "周三": "04", "周四": "05", "周五": "06"}
_UNDO = re.compile(r"mailintake undo ([0-9]+)")
_LONG = 40  # lines of one answer that the page shows
_MAILS: tuple[Mapping[str, Any], ...] = (
    {
        "id": "he",
        "subject": "新办APEC商务旅行卡申请-贺知秋",
        "text": "您好，我公司贺知秋首次申请办理APEC商务旅行卡，材料见附件，请查收。",
        "set": "new",
        "of": ["a"],
        "without": ["photo a"],
    },
    {
        "id": "shen",
        "from": "听涛贸易-林岸 <linan@tingtao.example>",
        "subject": "新办APEC商务旅行卡申请-沈砚",
        "text": "您好，我公司沈砚申请新办APEC商务旅行卡，材料见附件。",
        "set": "new",
        "of": ["d"],
        "without": ["signature d"],
    },
    {
        "id": "ji",
        "from": "高原 <gao@yuantu.example>",
        "subject": "新办APEC商务旅行卡 季云舟",
        "text": "您好，我公司季云舟首次申请办理APEC商务旅行卡，材料见附件。",
        "set": "new",
        "of": ["b"],
        "change": {"photo": {"grey": True}},
    },
    {
        "id": "duan",
        "from": "段一舟 <duan@elsewhere.example>",
        "subject": "材料",
        "text": "您好，请见附件，谢谢。",
    },
    {
        "id": "shen-more",
        "from": "听涛贸易-林岸 <linan@tingtao.example>",
        "subject": "Re: 新办APEC商务旅行卡申请-沈砚 {CASE}",
        "text": "您好，编号 {CASE}，补充新办APEC商务旅行卡申请的签名，请查收。",
        "files": [{"name": "沈砚签名.jpg", "is": "signature", "of": ["d"]}],
    },
    {
        "id": "ji-more",
        "from": "高原 <gao@yuantu.example>",
        "subject": "Re: 新办APEC商务旅行卡 季云舟 {CASE}",
        "text": "您好，编号 {CASE}，重新扫描了签名，请查收。",
        "files": [{"name": "季云舟签名新.jpg", "is": "signature", "of": ["b"], "fill": 0.9}],
    },
)


class Week:
    """The office, its clock, and what has been typed so far."""

    def __init__(
        self,
        folder: Path,
        patch: pytest.MonkeyPatch,
        mails: Sequence[Mapping[str, Any]] = _MAILS,
        people: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.folder, self.now = folder, datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
        self.page: list[str] = []
        self.commands: list[str] = []
        for name in ("config", "mails"):
            (folder / name).mkdir(parents=True)
        (folder / "config" / "mailintake.yaml").write_text(_SETTINGS, "utf-8")
        patch.setenv("MAILINTAKE_CONFIG", str(folder / "config"))
        mailer = DropMailer(folder / "sent")
        shells = partial(build.shells_for, clock=lambda: self.now)
        patch.setattr(build, "shells_for", lambda *given, **more: shells(*given, **{"mailer": mailer} | more))
        self._script = parse_script(expanded({"mails": list(mails)} | ({"people": people} if people else {})))
        self._rules = load(folder / "config", {}).rules

    def say(self, *lines: str) -> None:
        """Words between the commands."""
        self.page += ["", *lines]

    def at(self, day: str, hour: str) -> None:
        """The clock stands there."""
        self.now = datetime.fromisoformat(f"2026-11-{_DAYS[day]} {hour}").replace(tzinfo=SHANGHAI)

    def mail(self, name: str, case: str = "") -> None:
        """That mail comes in."""
        spec = next(spec for spec in self._script.mails if spec["id"] == name)
        answer = Answer(case, self._letter_of(case)) if case else None
        (self.folder / "mails" / f"{name}.eml").write_bytes(build_mail(spec, self._script, self._rules, answer))

    def _letter_of(self, case: str) -> str:
        """Message-ID of a letter of ours about that case."""
        number = next(row["id"] for row in self.rows("letter", "list", "--everything") if row["case"] == case)
        headers: dict[str, str] = self.quiet("letter", "show", number, "--json")[0]["headers"]
        return headers["Message-ID"]

    def do(self, *words: object, code: int = 0, shown: int = _LONG) -> str:
        """Type it, and write down what it says; the number of its event, where it was an act."""
        typed = [str(word) for word in words]
        out, ended = self._run(typed)
        told = f"mailintake {' '.join(word if _plain(word) else repr(word) for word in typed)}"
        assert ended == code, f"{self.now} {told}\n{out}"
        self.commands.append(f"{told} → {'refused' if ended else 'done'}")
        lines = out.rstrip().splitlines()
        cut = [*lines[:shown], "…"] if len(lines) > shown else lines
        cut = [
            line.replace(f"{self.folder}/config/../", "").replace(f"{self.folder}/config", "/etc/mailintake")
            for line in cut
        ]
        self.page += ["", f"```console\n# {self.now:%m-%d %H:%M}\n$ {told}", *cut, "```"]
        if ended:
            self.page.append(f"（退出码 {ended}）")
        found = _UNDO.findall(out)
        return found[-1] if found else ""

    def twice(self, *words: object) -> str:
        """Do it, take it back, do it again."""
        self.do("undo", self.do(*words))
        return self.do(*words)

    def quiet(self, *words: object) -> list[Any]:
        """What a script reads; not written down."""
        return [json.loads(line) for line in self._run([str(word) for word in words])[0].splitlines()]

    def rows(self, *words: object) -> list[dict[str, Any]]:
        """Rows of a list."""
        found: list[dict[str, Any]] = self.quiet(*words, "--json")[0]
        return found

    def letter(self, case: str) -> int:
        """The letter about that case that waits."""
        found: list[int] = [
            r["id"] for r in self.rows("letter", "list") if (r["case"], r["state"]) == (case, "waiting")
        ]
        return found[-1]

    def revision(self, case: str) -> int:
        """Which revision of the case is the present one."""
        found: int = next(row["revision"] for row in self.rows("case", "list", "--everything") if row["number"] == case)
        return found

    def document(self, case: str, kind: str) -> str:
        """How a paper of that case is named in acts."""
        papers = self.quiet("case", "show", case, "--json")[0]["case"]["documents"]
        return f"{case}/{next(d['sha256'][:12] for d in papers if d['kind'] == kind)}"

    @staticmethod
    def _run(typed: list[str]) -> tuple[str, int]:
        said = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                main(typed)
            except SystemExit as ended:
                code = int(ended.code or 0)
        said.seek(0)
        return said.read(), code


def _plain(word: str) -> bool:
    return bool(word) and not re.search(r"[\s'\"#]", word)


def play(week: Week) -> None:
    """Monday to Friday."""
    week.say("## 周一：来信、批准、修改、改事项")
    week.at("周一", "08:00")
    week.do("run", "--once")
    for name in (CLERK, OTHER):
        week.do(
            "staff", "add", name, "--role", "clerk", "--mail", f"{'zhao' if name == CLERK else 'qian'}@office.example"
        )
    week.do("staff", "add", HEAD, "--role", "head", "--mail", "sun@office.example")
    for name in ("he", "shen", "ji", "duan"):
        week.mail(name)
    week.at("周一", "09:40")
    week.do("run", "--once")
    numbers = {row["applicants"][0]: row["number"] for row in week.rows("case", "list")}
    he, shen, ji = numbers["贺知秋"], numbers["沈砚"], numbers["季云舟"]
    week.do("case", "list")
    week.do("letter", "list")
    _monday(week, he, shen)
    _tuesday(week, he, shen, ji)
    _wednesday(week, he, ji)
    _to_the_end(week, ji)


def _monday(week: Week, he: str, shen: str) -> None:
    by = ("--by", CLERK)
    week.say("批准一封信（先看再批，批准之后还能撤销，再批准才发出）：")
    first = week.letter(he)
    week.do("letter", "show", first, shown=14)
    approved = week.twice("letter", "approve", first, *by)
    week.say("在信里加一段话，撤销，再加上；改了什么看得见；退回与撤回也能撤销：")
    other = week.letter(shen)
    before = week.quiet("letter", "show", other, "--json")[0]["letter"]["sha256"]
    week.twice("letter", "edit", other, "请同时带上护照原件。", *by)
    week.do("letter", "show", other, "--since", before, shown=60)
    week.do("undo", week.do("letter", "reject", other, *by, "--reason", "先核实事项"))
    week.say(
        "机器把沈砚的来信当作新办，其实是换卡（持旧卡续办）。改事项，撤销，再改；等着批准的信随之重写，加的话还在："
    )
    week.twice("case", "set_procedure", shen, "renew", *by, "--reason", "电话核实：旧卡将到期，要续办")
    week.do("letter", "approve", week.letter(shen), *by)
    week.say("不用办的来信，也可以撤销：")
    week.twice("mail", "no_action", week.rows("mail", "list")[0]["id"], *by)
    week.at("周一", "10:30")
    week.do("run", "--once")
    week.say("信已发出之后，批准不能再撤销，系统请人再写一封：")
    week.do("undo", approved, code=1)
    week.do("letter", "write", he, "前次告知中窗口地址以办事指南为准。", *by)


def _tuesday(week: Week, he: str, shen: str, ji: str) -> None:
    by = ("--by", CLERK)
    week.say("## 周二：改过的事项不被下一封来信改回；认定；容缺受理；两人同时办")
    week.at("周二", "08:30")
    week.do("run", "--once")
    week.mail("shen-more", shen)
    week.at("周二", "09:10")
    week.do("run", "--once")
    week.do("case", "list", "沈砚")
    week.say("季云舟的照片像是黑白的，经办人看过，认定合格；撤销，再认定：")
    photo = week.document(ji, "photo")
    week.twice("document", "rule", photo, "ok", *by, "--reason", "原片为彩色，扫描偏灰")
    week.mail("ji-more", ji)
    week.at("周二", "09:40")
    week.do("run", "--once")
    week.say("之后又来了信，认定还在：")
    week.do("case", "show", ji, shown=12)
    week.say("贺知秋只缺可容缺的材料：容缺受理，期限与催补照常；撤销，再办：")
    week.twice("case", "accept_with_gaps", he, *by)
    week.say("两人看的是同一版。先办的办成，后办的得知别人改了什么，什么都没有丢：")
    seen = week.revision(he)
    week.do("case", "set_city", he, "鞍山", "--by", OTHER, "--revision", seen)
    week.do("case", "assign", he, OTHER, *by, "--revision", seen, code=1)
    week.twice("case", "assign", he, OTHER, *by)
    week.twice("case", "phone_call", he, "已说明照片要求，本周补来", *by)


def _wednesday(week: Week, he: str, ji: str) -> None:
    by = ("--by", CLERK)
    week.say("## 周三、周四：受理与办理进度")
    week.at("周三", "08:30")
    week.do("run", "--once")
    week.do("letter", "approve", week.letter(ji), *by)
    week.do("run", "--once")
    week.twice("case", "accept", ji, *by)
    for state in ("city_reviewed", "province_reviewing"):
        week.do("case", "step", ji, state, *by)
    week.twice("case", "step", ji, "province_approved", *by)
    week.do("document", "request", he, *by)
    week.do("letter", "approve", week.letter(he), *by)
    week.at("周四", "08:30")
    week.do("run", "--once")
    for state in ("at_mfa", "at_economies", "card_made"):
        week.do("case", "step", ji, state, *by)


def _to_the_end(week: Week, ji: str) -> None:
    by = ("--by", CLERK)
    week.say("## 周五：结果通知、办结，以及当天的摘要")
    week.at("周五", "08:30")
    week.do("run", "--once")
    week.twice("letter", "result", ji, "您的APEC商务旅行卡已制好，请携带护照原件到窗口领取。", *by)
    week.do("letter", "approve", week.letter(ji), *by)
    week.do("run", "--once")
    week.do("case", "step", ji, "card_delivered", *by)
    week.twice("case", "close", ji, *by)
    week.say("寄出首封信时的样子，随时可以再看：")
    first = next(row["id"] for row in week.rows("letter", "list", "--everything") if row["case"] == ji)
    week.do("case", "show", ji, "--at", first, shown=4)
    week.do("case", "show", ji, shown=100)
    week.at("周五", "16:00")
    week.do("digest", "--text", shown=90)
    week.do("verify")


@contextlib.contextmanager
def played(folder: Path) -> Iterator[Week]:
    """A week that was played in that folder."""
    with pytest.MonkeyPatch.context() as patch:
        week = Week(folder, patch)
        play(week)
        yield week


def write_page(page: Path, head: Sequence[str], play_in: Callable[[Path], AbstractContextManager[Week]]) -> None:
    """Play it and write the page; with a folder as argument of the command the data stays there."""
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder, play_in(kept or Path(folder)) as week:
        text = "\n".join((*head, *week.page, ""))
        page.write_text(re.sub(r"\n{3,}", "\n\n", text), "utf-8")


def run() -> None:
    """The page of the week."""
    head = ("# 一周", "", "一个虚构办公室的一周，全部由命令办理；`make week` 重新写出本页，有测试核对命令与退出码。")
    write_page(PAGE, head, played)


if __name__ == "__main__":
    run()
