"""The first configuration of an installation: the shipped, commented files with the answers filled in."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from mailintake.app.providers import Server
from mailintake.config.resource import resource
from mailintake.config.settings import Tls

CODE_FILE = "authorisation-code"
SERVICE_DATA = "/var/lib/mailintake"  # StateDirectory= of deploy/mailintake.service


@dataclass(frozen=True)
class Answers:
    """What `init` asks. `service`: systemd runs it, hands over the password and keeps the data. `login` is the address
    where nothing is told; `folders` are watched."""

    address: str
    imap: Server
    smtp: Server
    staff: str = ""
    service: bool = False
    login: str = ""
    ca_file: str = ""
    folders: tuple[str, ...] = ()


def shipped_address() -> str:
    """The intake address of the shipped configuration."""
    return str(_loaded("config/office.yaml")["intake_address"])


def initial_files(answers: Answers) -> dict[str, str]:
    """File name → text. office.yaml is among them only where it must differ from the shipped one."""
    files = {"mailintake.yaml": _settings(answers)}
    if answers.address != shipped_address():
        files["office.yaml"] = _dumped({"intake_address": answers.address})
    return files


def write_files(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    """Write them; FileExistsError rather than touching one that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in files.items():
        with (folder / name).open("x", encoding="utf-8") as stream:
            stream.write(text)
        written.append(folder / name)
    return tuple(written)


def write_code(folder: Path, code: str) -> Path:
    """The authorisation code in a file that only its owner can read."""
    path = folder / CODE_FILE
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(code + "\n", encoding="utf-8")
    return path


def _settings(answers: Answers) -> str:
    document = _loaded("config/mailintake.yaml")
    mailbox, smtp = document["mailboxes"][0], document["smtp"]
    login = answers.login or answers.address
    mailbox.update({"kind": "imap", "user": login} | _server(answers.imap, answers.ca_file))
    smtp.update({"user": login, "from_address": answers.address} | _server(answers.smtp, answers.ca_file))
    if answers.folders:
        mailbox["folders"].clear()
        mailbox["folders"].extend(answers.folders)
    if answers.service:
        document["data_folder"] = SERVICE_DATA
    else:
        mailbox.insert(list(mailbox).index("user") + 1, "password_file", CODE_FILE)
    if answers.staff:
        document["digest"]["recipients"].append(answers.staff)
    return _dumped(document)


def _server(server: Server, ca_file: str) -> dict[str, Any]:
    """The keys of a server; what is the default is not written."""
    told: dict[str, Any] = {"host": server.host, "port": server.port}
    if server.tls is not Tls.TLS:
        told["tls"] = server.tls.value
    return told | ({"ca_file": ca_file} if ca_file else {})


def _loaded(name: str) -> Any:
    return _yaml().load(resource(name).read_text("utf-8"))


def _dumped(document: Any) -> str:
    out = StringIO()
    _yaml().dump(document, out)
    return out.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
