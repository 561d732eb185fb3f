"""The first morning with a real mailbox, played by commands: `python -m tests.measure.first` writes the page.

Somebody who has only the operators' handbook goes from a mailbox with mails in it to the first digest, and no applicant
gets a letter meanwhile. The mailbox is the stand-in for 163 with TLS; only the clock is ours.
"""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.measure.timed import Timed
from tests.measure.week import write_page
from tests.support.certificates import make_certificates
from tests.support.netease import PASSWORD, USER, Netease, netease
from tests.support.netease_store import arrived
from tests.support.scenarios import expanded

from mailintake.app import build
from mailintake.app.demo.mails import build_mail, parse_script
from mailintake.config import load
from mailintake.model.zone import SHANGHAI

_ROOT = Path(__file__).resolve().parents[2]
PAGE = _ROOT / "docs" / "a-first-day.md"
STAFF = "zhao@office.example"
_NEW = "您好，我公司{name}首次申请办理APEC商务旅行卡，材料见附件，请查收。"
_MAILS: tuple[Mapping[str, Any], ...] = (
    {
        "id": "before",
        "subject": "APEC商务旅行卡申请-贺知秋",
        "text": _NEW.format(name="贺知秋"),
        "set": "new",
        "of": ["a"],
        "without": ["signature a"],
    },
    {
        "id": "thanks",
        "from": "听涛贸易-林岸 <linan@tingtao.example>",
        "subject": "已收到，谢谢",
        "text": "收到回复，谢谢老师。",
    },
    {
        "id": "after",
        "from": "高原 <gao@yuantu.example>",
        "subject": "APEC商务旅行卡申请-季云舟",
        "text": _NEW.format(name="季云舟"),
        "set": "new",
        "of": ["b"],
        "without": ["photo b"],
    },
)
# What is changed in the file that `init` wrote, so that the morning can be played in one go.
_CHANGES = {"quiet_seconds: 600": "quiet_seconds: 0", "ocr: true": "ocr: false"}


class First(Timed):
    """A machine, a mailbox at the stand-in, and somebody who types."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, server: Netease, authority: Path) -> None:
        self.folder, self.now = folder, datetime(2026, 11, 2, 8, 50, tzinfo=SHANGHAI)
        self.page: list[str] = []
        self.commands: list[str] = []
        self.server, self.authority, self._patch = server, authority, patch
        patch.setenv("MAILINTAKE_CONFIG", str(folder / "config"))
        patch.setattr(build, "shells_for", partial(build.shells_for, clock=lambda: self.now))
        self._script = parse_script(expanded({"mails": list(_MAILS)}))
        self._shipped = load(None, {}).rules

    def mail(self, name: str, case: str = "") -> None:
        """That mail lies in the mailbox now."""
        spec = next(spec for spec in self._script.mails if spec["id"] == name)
        raw = build_mail(spec, self._script, self._shipped, None)
        sender = parseaddr(str(message_from_bytes(raw, policy=policy.default)["From"]))[1]
        self.server.store.add(arrived(raw, sender), date=self.now.astimezone(UTC))

    def answered(self, *answers: str) -> None:
        """What will be typed at the questions of `init`, shown behind each question; last the authorisation code."""
        left = list(answers)

        def typed() -> str:
            answer = left.pop(0) if left else "n"
            sys.stderr.write(f"{answer}\n")
            return answer

        def secret(prompt: str, **_: object) -> str:
            sys.stderr.write(f"{prompt}\n")
            return PASSWORD

        self._patch.setattr("builtins.input", typed)
        self._patch.setattr("mailintake.cli.init.getpass", secret)
        self._patch.setattr("sys.stdin.isatty", lambda: True)

    @property
    def told(self) -> list[tuple[str, ...]]:
        """To whom something went out."""
        return [tuple(recipients) for _, recipients, _ in self.server.state.sent]


def play(day: First) -> None:
    """From ten to nine to the digest."""
    day.mail("before")
    day.mail("thanks")
    _set_up(day)
    _look_first(day)
    _begin(day)


def _set_up(day: First) -> None:
    host, imap, smtp = day.server.host, str(day.server.imap_port), str(day.server.smtp_port)
    day.say("## 回答几个问题", "", "地址不是预设的提供者，选“其他”，逐项写服务器；授权码输入时不显示。")
    servers = (host, imap, "tls", host, smtp, "tls")
    day.answered(USER, "7", "n", *servers, "", str(day.authority), STAFF)
    day.do("init", day.folder / "config", shown=60)
    path = day.folder / "config" / "mailintake.yaml"
    text = path.read_text("utf-8")
    for old, new in _CHANGES.items():
        assert old in text, text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    day.say("为了这一天能连着看，在 `mailintake.yaml` 里把静候期改为 0，也不读图片里的字：")
    day.page += ["", "```yaml", *_CHANGES.values(), "```"]
    day.say("## 检查配置，体检")
    day.do("check")
    day.do("doctor", shown=60)


def _look_first(day: First) -> None:
    day.say("## 先演练", "", "邮箱里已有两封信。演练在数据的副本上走一遍，看看会怎样处理：不发信，不改动邮箱。")
    day.do("run", "--once", "--dry-run", "--since", "2026-11-01")


def _begin(day: First) -> None:
    day.say(
        "## 开始",
        "",
        "第一次运行只把已有的信登记下来，不答复：它们已经由人办过。8:30 已过，当天的日报也在这一轮写好并发给工作人员。",
    )
    day.do("run", "--once")
    day.do("staff", "add", "赵敏", "--role", "clerk", "--mail", STAFF)
    day.now = day.now.replace(hour=9, minute=20)
    day.say("九点二十来了一封新的申请：")
    day.mail("after")
    day.do("run", "--once")
    day.do("case", "list")
    day.say("信写好了，没有人批准就不发：")
    day.do("letter", "list")
    day.do("letter", "show", next(row["id"] for row in day.rows("letter", "list") if row["case"]))
    day.say("## 日报", "", "每个工作日 8:30 自动发一期；不等明天，现在再要一期：")
    day.do("digest", "--send", "--text", shown=60)
    day.now = day.now.replace(minute=21)
    day.do("run", "--once")
    day.do("status", shown=60)
    count = len([1 for to in day.told if to != (STAFF,)])
    day.say(
        f"从 `init` 到日报，命令一共用了 {day.seconds:.0f} 秒；发出的信 {len(day.told)} 封，"
        f"其中给申请单位的 {count} 封，给工作人员的日报 {len(day.told) - count} 封。"
    )


@contextlib.contextmanager
def played(folder: Path) -> Iterator[First]:
    """A first day that was played in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    certificates = make_certificates(folder)
    with pytest.MonkeyPatch.context() as patch, netease(context=certificates.server_context()) as server:
        day = First(folder, patch, server, certificates.authority)
        play(day)
        shown = {f"{folder}/config": "/etc/mailintake", str(folder): "/srv/office", str(_ROOT): "/opt/mailintake"}
        for real, told in shown.items():
            day.page = [line.replace(real, told) for line in day.page]
        yield day


def run() -> None:
    """The page of the first day."""
    head = (
        "# 第一天",
        "",
        "照《[运维手册](operations.md)》的“安装”，从一个有信的邮箱到第一期日报，期间没有给申请单位发出一封信。",
        "邮箱是本机的 163 替身（TLS）；`make first-day` 重新写出本页，括号里是命令在写这一页的机器上用的时间；",
        "有测试核对命令与退出码。",
    )
    write_page(PAGE, head, played)


if __name__ == "__main__":
    run()
