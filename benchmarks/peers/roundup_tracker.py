"""Roundup's classic tracker on SQLite: python roundup_tracker.py prepare|run FOLDER [PORT USER PASSWORD SMTP].

Its gate knows port 143 only; here the same class of the standard library is told another one.
"""

import imaplib
import subprocess
import sys
from pathlib import Path

what, folder = sys.argv[1], Path(sys.argv[2])
tracker = folder / "tracker"


def admin(*words: str) -> str:
    """roundup-admin beside this interpreter."""
    command = [str(Path(sys.executable).parent / "roundup-admin"), "-i", str(tracker), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own venv's


if what == "prepare":
    admin("install", "classic", "sqlite")
    config = tracker / "config.ini"
    told = config.read_text().replace("\n#web = NO DEFAULT", "\nweb = http://localhost/")
    config.write_text(told.replace("\n#domain = NO DEFAULT", "\ndomain = office.example"))
    schema = tracker / "schema.py"  # as it comes, a stranger's mail is refused
    allowed = "db.security.addPermissionToRole('Anonymous', 'Email Access')"
    schema.write_text(schema.read_text().replace(f"#{allowed}", allowed))
    admin("initialise", "secret")
else:
    port, user, password, smtp = sys.argv[3:]
    config = tracker / "config.ini"
    told = config.read_text().replace("\n#host = NO DEFAULT", "\nhost = 127.0.0.1")
    config.write_text(told.replace("\nport = 25", f"\nport = {smtp}"))

    class Here(imaplib.IMAP4):
        """A connection to the ground's server."""

        def __init__(self, host: str) -> None:
            super().__init__(host, int(port))

    imaplib.IMAP4 = Here  # type: ignore[misc, assignment]
    from roundup.scripts.roundup_mailgw import main

    code = main(["-c", "issue", str(tracker), "imap", f"{user}:{password}@127.0.0.1"])
    import roundup.instance

    database = roundup.instance.open(str(tracker)).open("admin")
    messages, issues, files = (len(part.list()) for part in (database.msg, database.issue, database.file))
    print("messages", messages, "issues", issues, "files", files)
    sys.exit(code)
