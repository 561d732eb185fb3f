"""Turns a thread.yaml into mails as Chinese mail clients write them. Same input, same bytes; no clock, no network.

usage: python -m tests.unseen.build OUT [--batch N] [NAME ...]
"""

import argparse
import base64
import hashlib
import html
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.unseen.papers import World, draw, expanded

HERE = Path(__file__).resolve().parent
INTAKE = "lnwfapec@163.com"


@dataclass(frozen=True)
class Answer:
    """Our letter to an earlier mail of the thread: what a reply quotes and refers to."""

    case: str
    message_id: str
    subject: str
    text: str


@dataclass(frozen=True)
class Thread:
    """One thread.yaml: what happens, and the mails with their expectations."""

    name: str
    batch: int
    title: str
    tags: tuple[str, ...]
    company: Mapping[str, Any]
    people: Mapping[str, Mapping[str, Any]]
    mails: tuple[Mapping[str, Any], ...]


STAND_IN = Answer(
    "LN-2026-000001-7",
    "<stand-in.1@lnwfapec.example>",
    "【一次性补正告知】LN-2026-000001-7",
    "您好：\n来信收到，还缺下列材料：\n1. 卡号\n2. 护照首页\n3. 签名\n4. 照片\n5. 汇款单\n请回复本邮件。",
)


# --- finding and loading ----------------------------------------------------------------------------------------------
def threads(batch: int | None = None) -> tuple[Path, ...]:
    """The thread.yaml files, by batch and name."""
    found = sorted(HERE.glob("batch-*/*/thread.yaml"))
    return tuple(path for path in found if batch is None or path.parent.parent.name == f"batch-{batch}")


PLACES = ("pinyin", "sex", "born", "passport", "expires", "title", "card", "card_expires")


def _person(given: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Facts of a person: a mapping, or the short form `PINYIN/M/born/passport/expires/title/card/card_expires`."""
    facts = dict(zip(PLACES, given.split("/"), strict=False)) if isinstance(given, str) else dict(given)
    if "expires" in facts and "issued" not in facts:
        ends = date.fromisoformat(str(facts["expires"])) + timedelta(days=1)
        facts["issued"] = ends.replace(year=ends.year - int(facts.get("years", 10))).isoformat()
    return facts


def load(path: Path) -> Thread:
    data: Mapping[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return Thread(
        path.parent.name,
        int(path.parent.parent.name.rpartition("-")[2]),
        str(data["title"]),
        tuple(data["tags"]),
        data.get("company", {}),
        {name: _person(given) for name, given in data.get("people", {}).items()},
        tuple(data["mails"]),
    )


def build(thread: Thread, n: int, answers: Mapping[int, Answer] | None = None) -> bytes:
    """Mail n (from 1) of the thread as bytes; `answers` = our letters to earlier mails, by their number."""
    spec = thread.mails[n - 1]
    day = datetime.fromisoformat(str(spec["at"]))
    world = World(thread.company, thread.people, f"{day.year}年{day.month}月{day.day}日")
    return Mail(f"{thread.batch}/{thread.name}/{n}", spec, world, answers or {}).octets()


def build_question(question: Mapping[str, Any]) -> bytes:
    """One entry of questions.yaml as a mail of an invented asker."""
    spec = {
        "at": "2026-11-18T10:12:00+08:00",
        "client": "qq",
        "from": f"咨询人 <{question['id']}@asker.example>",
        **question,
    }
    return Mail(f"question/{question['id']}", spec, World({}, {}, "2026年11月18日"), {}).octets()


# --- headers ----------------------------------------------------------------------------------------------------------
def words(text: str, charset: str) -> str:
    """Encoded words of at most 75 characters (RFC 2047), cut between characters."""
    if text.isascii():
        return text
    parts, chunk = [], ""
    for char in [*text, ""]:
        if char == "" or len(base64.b64encode((chunk + char).encode(_codec(charset)))) > 44:
            parts.append(f"=?{charset}?B?{base64.b64encode(chunk.encode(_codec(charset))).decode()}?=")
            chunk = ""
        chunk += char
    return "\r\n ".join(parts)


def address(text: str, charset: str) -> str:
    """`名 <a@b>, c@d` with its names encoded."""
    made = []
    for one in text.split(","):
        name, _, rest = one.strip().rpartition("<")
        made.append(f"{words(name.strip(), charset)} <{rest}" if name else one.strip())
    return ", ".join(made)


CLIENTS: dict[str, dict[str, str]] = {
    "qq": {
        "X-Mailer": "QQMail 2.x",
        "X-QQ-mid": "webmail{n}t{n}",
        "X-QQ-SENDSIZE": "520",
        "X-QQ-MIME": "TCMime 1.0 by Tencent",
    },
    "foxmail": {"X-Mailer": "Foxmail 7.2.25.331[cn]", "X-Has-Attach": "yes", "X-Priority": "3"},
    "163": {
        "X-Mailer": "Coremail Webmail Server Version 2023.4-cmXT build 20251222(83accb85) www.mailtech.cn 163com",
        "X-NTES-SC": "AL_Qu2c",
        "X-Priority": "3",
    },
    "phone163": {"X-Mailer": "NetEase iPhone Mail 7.28", "X-Priority": "3"},
    "master": {"X-Mailer": "MailMasterAndroid/7.20.2_(34)", "X-Priority": "3"},
    "outlook": {"X-Mailer": "Microsoft Outlook 16.0", "Thread-Index": "AdxY{n}", "Content-Language": "zh-cn"},
    "exmail": {"X-Mailer": "QQMail 2.x", "X-BIZMAIL-ID": "{n}", "Feedback-ID": "bizesmtp:example:qybglogicsvrgz"},
    "alimail": {"X-Mailer": "[Alimail-Mailagent revision 34][W4_{n}][v5][Chrome]"},
    "apple": {"X-Mailer": "iPhone Mail (22F76)", "Mime-Version-By": "iOS"},
    "gmail": {"X-Gm-Message-State": "AOJu0Y{n}"},
    "thunderbird": {"User-Agent": "Mozilla Thunderbird", "Content-Language": "zh-CN"},
    "plain": {},
    "bare": {},
}
CHARSETS = {"qq": "gb18030", "foxmail": "gb2312", "163": "GBK", "outlook": "gb2312", "exmail": "gb18030"}
BARE = {"plain", "bare"}


def _codec(charset: str) -> str:
    return "gb18030" if charset.lower() in {"gb2312", "gbk", "gb18030"} else charset


@dataclass(frozen=True)
class Part:
    headers: tuple[str, ...]
    body: bytes

    def octets(self) -> bytes:
        return ("\r\n".join(self.headers) + "\r\n\r\n").encode("utf-8") + self.body


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "heic": "image/heic",
    "tif": "image/tiff",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/x-zip-compressed",
    "txt": "text/plain",
    "ics": "text/calendar",
    "csv": "text/csv",
    "eml": "message/rfc822",
    "html": "text/html",
    "odt": "application/vnd.oasis.opendocument.text",
}


class Mail:
    """One mail on its way to bytes."""

    def __init__(self, key: str, spec: Mapping[str, Any], world: World, answers: Mapping[int, Answer]) -> None:
        self.key, self.spec, self.world, self.answers = key, spec, world, answers
        self.client = str(spec.get("client", "qq"))
        self.charset = str(spec.get("charset", CHARSETS.get(self.client, "utf-8")))
        self.codec = _codec(self.charset)
        self.mark = hashlib.sha256(key.encode()).hexdigest()
        self.boundaries = 0

    # text
    def answer(self, n: int) -> Answer:
        return self.answers.get(n, STAND_IN)

    def filled(self, text: str) -> str:
        """The text with our earlier letters put in their places."""

        def quote(found: re.Match[str]) -> str:
            lines = self.answer(int(found[1])).text.splitlines()
            cut = next((i + 1 for i, line in enumerate(lines) if found[3] and found[3] in line), len(lines))
            chosen = lines if not found[3] else lines[:cut] if found[2] == "TO" else lines[cut:]
            return "\n".join(f"> {line}" for line in chosen)

        text = re.sub(r"\{CASE (\d+)\}", lambda m: self.answer(int(m[1])).case, text)
        return re.sub(r"\{QUOTE (\d+)(?: (TO|AFTER) ([^}]+))?\}", quote, text)

    def body(self) -> str:
        text = self.filled(str(self.spec.get("text", "")))
        to = self.spec.get("reply_to")
        return text + self.quoted(self.answer(int(to))) if to and self.spec.get("quote", True) else text

    def quoted(self, ours: Answer) -> str:
        """Our letter below the answer, as the client quotes it."""
        me = str(self.spec["from"])
        head = f"发件人: 辽宁省外办 <{INTAKE}>\n发送时间: 2026年11月10日 10:00\n收件人: {me}\n主题: {ours.subject}"
        if self.client in {"qq", "exmail"}:
            return f"\n\n------------------ 原始邮件 ------------------\n{head.replace(': ', ':')}\n\n{ours.text}\n"
        if self.client in {"foxmail", "outlook"}:
            line = " " if self.client == "foxmail" else "________________________________"
            return f"\n\n{line}\n{head}\n\n{ours.text}\n"
        if self.client == "master":
            return f"\n\n---- 回复的原邮件 ----\n{head}\n\n{ours.text}\n"
        said = "\n".join(f"> {line}" for line in ours.text.splitlines())
        if self.client == "apple":
            return f"\n\n> 2026年11月10日 10:00，辽宁省外办 <{INTAKE}> 写道：\n>\n{said}\n"
        return f'\n\nAt 2026-11-10 10:00:00, "辽宁省外办" <{INTAKE}> wrote:\n{said}\n'

    def hypertext(self, text: str) -> str:
        if "html" in self.spec:
            return self.filled(str(self.spec["html"])) + self.cloud()
        rows = [html.escape(row, quote=False) for row in text.split("\n")]
        if self.client == "outlook":
            inner = "".join(f'<p class="MsoNormal"><span lang="ZH-CN">{row or "&nbsp;"}</span></p>' for row in rows)
            return f'<html><body lang="ZH-CN"><div class="WordSection1">{inner}</div>{self.cloud()}</body></html>'
        inner = "".join(f"<div>{row or '<br>'}</div>" for row in rows)
        return f'<div style="font-size:14px;font-family:微软雅黑">{inner}</div>{self.cloud()}'

    def cloud(self) -> str:
        given = self.spec.get("cloud")
        if not given:
            return ""
        heads = {
            "qq": '<div id="QQMailBigAttach">从QQ邮箱发来的超大附件',
            "163": '<div id="divNeteaseBigAttach">从网易163邮箱发来的超大附件',
            "exmail": '<div id="QQMailBigAttach">从腾讯企业邮箱发来的超大附件',
            "master": '<div class="netease-cloudattach">云附件',
            "baidu": "<div>通过百度网盘分享的文件",
        }
        hosts = {
            "qq": "https://wx.mail.qq.com/ftn/download?func=3&amp;key=",
            "exmail": "https://mail.qq.com/cgi-bin/ftnExs_download?k=",
            "163": "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&amp;file=",
            "master": "https://dashi.163.com/html/cloud-attachment-download/?key=",
            "baidu": "https://pan.baidu.com/s/1",
        }
        kind = str(given["provider"])
        rows = "".join(
            f'<div><a href="{hosts[kind]}{self.mark[:16]}">{file["name"]}</a> '
            f"({file.get('size', '38.2M')}, {file.get('until', '2026年12月20日 21:59')} 到期)</div>"
            for file in given["files"]
        )
        return f"{heads[kind]}{rows}</div>"

    # parts
    def text_part(self, text: str, kind: str) -> Part:
        raw = text.replace("\n", "\r\n").encode(self.codec, "xmlcharrefreplace" if kind == "html" else "replace")
        head = (f'Content-Type: text/{kind}; charset="{self.charset}"', "Content-Transfer-Encoding: base64")
        return Part(head, _base64(raw))

    def together(self, kind: str, parts: Sequence[Part]) -> Part:
        self.boundaries += 1
        line = f"----=_NextPart_{self.mark[:8].upper()}_{self.boundaries:03d}"
        body = b"".join(f"--{line}\r\n".encode() + part.octets() + b"\r\n" for part in parts)
        return Part((f'Content-Type: {kind}; boundary="{line}"',), body + f"--{line}--\r\n".encode())

    def file_name(self, name: str) -> tuple[str, str]:
        """The parameters for Content-Type and Content-Disposition, in the client's way."""
        if name.isascii():
            return f'name="{name}"', f'filename="{name}"'
        if self.client in {"apple", "gmail", "thunderbird", "plain"}:
            coded = "".join(f"%{byte:02X}" for byte in name.encode("utf-8"))
            return f"name*=utf-8''{coded}", f"filename*=utf-8''{coded}"
        coded = words(name, self.charset)
        return f'name="{coded}"', f'filename="{coded}"'

    def file_part(self, spec: Mapping[str, Any]) -> Part:
        kind = str(spec["kind"])
        if kind == "eml":
            inner = Mail(f"{self.key}/{spec.get('name', 'eml')}", spec["mail"], self.world, self.answers).octets()
            given, shown = self.file_name(str(spec.get("name", "转发的邮件.eml")))
            return Part(
                (f"Content-Type: message/rfc822;\r\n {given}", f"Content-Disposition: attachment;\r\n {shown}"), inner
            )
        data = draw(spec, self.world)
        if kind == "report":
            return Part((f"Content-Type: {spec['type']}",), data)
        name = str(spec["name"])
        mime = str(spec.get("mime", TYPES.get(name.rsplit(".", 1)[-1].lower(), "application/octet-stream")))
        given, shown = self.file_name(name)
        head = [f"Content-Type: {mime};\r\n {given}", "Content-Transfer-Encoding: base64"]
        how = "inline" if spec.get("inline") or kind == "logo" else "attachment"
        head.append(f"Content-Disposition: {how};\r\n {shown}")
        if how == "inline":
            head.append(f"Content-ID: <{self.mark[:12]}@{name if name.isascii() else 'img'}>")
        return Part(tuple(head), _base64(data))

    def content(self) -> Part:
        text = self.body()
        only = str(self.spec.get("only", ""))
        if only == "html" or ("html" in self.spec and "text" not in self.spec):
            shown = self.text_part(self.hypertext(text), "html")
        elif only == "text" or (self.client in BARE and "html" not in self.spec and "cloud" not in self.spec):
            shown = self.text_part(text, "plain")
        else:
            shown = self.together(
                "multipart/alternative", (self.text_part(text, "plain"), self.text_part(self.hypertext(text), "html"))
            )
        files = [self.file_part(one) for one in expanded(self.spec.get("attach", ()), self.world)]
        kind = str(self.spec.get("top", "multipart/mixed"))
        return self.together(kind, (shown, *files)) if files or "top" in self.spec else shown

    # the whole
    def octets(self) -> bytes:
        spec = self.spec
        when = format_datetime(datetime.fromisoformat(str(spec["at"])))
        sender = str(spec["from"])
        box = sender.rpartition("<")[2].rstrip(">").strip()
        domain = box.rpartition("@")[2]
        number = int(self.mark[:9], 16)
        transit = f"EsCowADn{self.mark[:18]}--.{number % 100000}S2"
        to = spec.get("reply_to")
        subject = str(spec.get("subject", f"回复：{self.answer(int(to)).subject}" if to else ""))
        head = [
            f"Received: from mail.{domain} (unknown [192.0.2.{number % 250 + 1}])"
            f"\r\n\tby gzga-mx-mtada-g1-3 (Coremail) with SMTP id {transit};\r\n\t{when}",
            f"From: {address(sender, self.charset)}",
            f"To: {address(str(spec.get('to', INTAKE)), self.charset)}",
        ]
        if "cc" in spec:
            head.append(f"Cc: {address(str(spec['cc']), self.charset)}")
        head += [f"Subject: {words(self.filled(subject), self.charset)}", f"Date: {when}"]
        head.append(f"Message-ID: <{spec.get('id', f'{self.mark[:24]}@{domain}')}>")
        if to:
            head += [f"{name}: {self.answer(int(to)).message_id}" for name in ("In-Reply-To", "References")]
        head += [f"{name}: {value.replace('{n}', str(number))}" for name, value in CLIENTS[self.client].items()]
        head += [f"{name}: {words(str(value), 'utf-8')}" for name, value in spec.get("headers", {}).items()]
        head += [f"X-CM-TRANSID: {transit}", *self.authentication(box, domain), "MIME-Version: 1.0"]
        content = self.content()
        return ("\r\n".join((*head, *content.headers)) + "\r\n\r\n").encode("utf-8") + content.body

    def authentication(self, box: str, domain: str) -> tuple[str, ...]:
        verdict = str(self.spec.get("auth", "pass"))
        if verdict == "none":
            return ()
        dkim = "fail" if verdict == "fail" else "pass" if verdict == "pass" else "none"
        return (
            f"Authentication-Results: gzga-mx-mtada-g1-3; spf={verdict} smtp.mail={box}; "
            f"dki\r\n\tm={dkim} header.i=@{domain}",
        )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.unseen.build")
    parser.add_argument("out", type=Path)
    parser.add_argument("--batch", type=int)
    parser.add_argument("names", nargs="*")
    given = parser.parse_intermixed_args(arguments)
    for path in threads(given.batch):
        thread = load(path)
        if given.names and thread.name not in given.names:
            continue
        folder = given.out / f"batch-{thread.batch}" / thread.name
        folder.mkdir(parents=True, exist_ok=True)
        for n in range(1, len(thread.mails) + 1):
            (folder / f"{n:02d}.eml").write_bytes(build(thread, n))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
