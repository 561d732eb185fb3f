"""The first configuration of an installation: the shipped, commented file with the answers filled in."""

from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from mailintake.config.resource import resource


def initial_settings(folder: Path, *, address: str, imap: str, smtp: str, staff: str) -> str:
    """Text of mailintake.yaml for that address; comments of the shipped file are kept."""
    yaml = YAML()
    yaml.preserve_quotes = True
    document = yaml.load(resource("config/mailintake.yaml").read_text("utf-8"))
    code = str((folder / "authorisation-code").resolve())
    mailbox = document["mailboxes"][0]
    mailbox.update({"kind": "imap", "host": imap, "port": 993, "tls": "tls", "user": address, "password_file": code})
    document["smtp"].update(
        {"host": smtp, "port": 465, "user": address, "password_file": code, "from_address": address}
    )
    if staff:
        document["digest"]["recipients"] = [staff]
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()
