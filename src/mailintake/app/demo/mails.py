"""From the script of the demo (templates/demo/mails.yaml) to mails as their senders' programs would write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from ruamel.yaml import YAML

from mailintake.app.demo import papers
from mailintake.app.demo.papers import Person
from mailintake.config.resource import resource
from mailintake.model.rules import RuleSet
from mailintake.model.zone import SHANGHAI

_TYPES = {
    "jpg": ("image", "jpeg"),
    "png": ("image", "png"),
    "pdf": ("application", "pdf"),
    "zip": ("application", "zip"),
}
_BAD = {
    "rubbish": b"\x00\x01broken" * 200,
    "executable": b"MZ\x90\x00" + bytes(500),
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(300),
    "disk_image": bytes(32769) + b"CD001\x01" + bytes(2048),
    "locked_archive": (  # a zip whose one member says that it is encrypted
        b"PK\x03\x04\x14\x00\x01\x00\x00\x00\x00\x00!Y\x00\x00\x00\x00\x18\x00\x00\x00\x0c\x00\x00\x00\x05\x00\x00\x00a.jpg"
        + bytes(range(1, 25))
        + b"PK\x01\x02\x14\x00\x14\x00\x01\x00\x00\x00\x00\x00!Y\x00\x00\x00\x00\x18\x00\x00\x00"
        + b"\x0c\x00\x00\x00\x05\x00\x00\x00"
        + bytes(14)
        + b"a.jpgPK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x003\x00\x00\x00;\x00\x00\x00\x00\x00"
    ),
}
_MAILERS = {
    "foxmail": "Foxmail 7.2.25.317[cn]",
    "qq": "QQMail 2.x",
    "163": "Coremail Webmail Server Version XT5.0.14",
    "outlook": "Microsoft Outlook 16.0",
    "phone": "MailMasterAndroid/7.17.6",
}


@dataclass(frozen=True)
class Answer:
    """What a follow-up knows of the reply it answers."""

    case: str
    message_id: str


@dataclass(frozen=True)
class Script:
    """The invented people and their mails."""

    people: Mapping[str, Person]
    mails: tuple[Mapping[str, Any], ...]


def load_script(path: str = "templates/demo/mails.yaml") -> Script:
    """The script shipped with the program."""
    return parse_script(YAML(typ="safe").load(resource(path)))


def parse_script(loaded: Mapping[str, Any]) -> Script:
    """A script from its YAML form."""
    people = {key: Person(**{k: str(v) for k, v in row.items()}) for key, row in loaded["people"].items()}
    return Script(people, tuple(loaded["mails"]))


def build_mail(spec: Mapping[str, Any], script: Script, rules: RuleSet, answer: Answer | None = None) -> bytes:
    """The raw bytes of one mail. `answer` fills {CASE} and the threading headers of a follow-up."""
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(spec["from"])
    user, _, domain = address.partition("@")
    message["From"] = HeaderAddress(name, user, domain)
    message["To"] = rules.office.intake_address
    if spec.get("cc"):
        message["Cc"] = rules.office.finance_address if spec["cc"] == "finance" else spec["cc"]
    case = answer.case if answer else ""
    message["Subject"] = str(spec.get("subject", "")).replace("{CASE}", case)
    message["Date"] = format_datetime(when(spec))
    message["Message-ID"] = f"<{spec['id']}.{address}>"
    if answer and spec.get("threaded", True):
        message["In-Reply-To"] = message["References"] = answer.message_id
    message["X-Mailer"] = _MAILERS[spec.get("client", "foxmail")]
    for header, content in spec.get("headers", {}).items():
        message[header] = content
    charset = spec.get("charset", "utf-8")
    message.set_content(str(spec.get("text", "")).replace("{CASE}", case), charset=charset, cte="base64")
    for file in spec.get("files", ()):
        _attach(message, file, script, rules)
    return message.as_bytes()


def when(spec: Mapping[str, Any]) -> datetime:
    """The time of a mail; the office's time."""
    return datetime.fromisoformat(str(spec["at"])).replace(tzinfo=SHANGHAI)


def _attach(message: EmailMessage, file: Mapping[str, Any], script: Script, rules: RuleSet) -> None:
    name = str(file["name"])
    main, sub = _TYPES.get(name.rpartition(".")[2].lower(), ("application", "octet-stream"))
    message.add_attachment(file_bytes(file, script, rules), maintype=main, subtype=sub, filename=name)


def file_bytes(file: Mapping[str, Any], script: Script, rules: RuleSet) -> bytes:
    """The bytes of one file of the script: a paper of some kind, or an archive of papers."""
    if "holds" in file:
        return papers.archive({str(inner["name"]): file_bytes(inner, script, rules) for inner in file["holds"]})
    kind, people = file["is"], [script.people[key] for key in file.get("of", ())]
    size = tuple(file["size"]) if "size" in file else None
    format_ = file.get("format", "JPEG")
    if kind == "photo":
        return papers.photo(people[0], size or (600, 800), grey=bool(file.get("grey")), format_=format_)
    if kind == "signature":
        return papers.signature(people[0], size or (300, 150), fill=float(file.get("fill", 0.95)))
    if kind == "passport_page":
        return papers.passport_page(people[0], format_)
    if kind == "abtc_basic_data":
        return papers.form(people[0])
    if kind in _BAD:
        return _BAD[kind]
    return papers.letter(kind, people, rules, **{k: str(v) for k, v in file.get("words", {}).items()})
