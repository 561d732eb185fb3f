"""A real Dovecot as an unprivileged child process: own folder, own ports, own certificate, one throw-away user."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import make_certificates
from tests.support.debian import free_ports, program

USER, PASSWORD = "intake", "throw-away"
_START_SECONDS = 15.0

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {owner}
first_valid_uid = 1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password} allow_nets=127.0.0.1
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Spam {{
    auto = create
    special_use = \\Junk
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server. Any user name is accepted with the one password and has an empty mailbox at first."""

    host: str
    port: int
    tls_port: int
    password: str
    authority: Path
    log: Path


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """The server until the end. It fails, or skips, with the package's name where Dovecot is not installed."""
    binary = program("dovecot", "dovecot-imapd")
    folder = Path(tempfile.mkdtemp(prefix="mailintake-dovecot-"))
    folder.chmod(0o755)  # as root the server runs as nobody, who must be able to walk in
    owner = pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("nobody")
    try:
        server = _configured(folder, owner)
        if os.geteuid() == 0:
            _give_to(folder, owner)
        as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        command = [binary, "-F", "-c", str(folder / "dovecot.conf")]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **as_user)  # type: ignore[call-overload]
        try:
            _wait(process, server)
            yield server
        finally:
            process.terminate()
            process.wait(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configured(folder: Path, owner: pwd.struct_passwd) -> Dovecot:
    import grp

    certificates = make_certificates(folder)
    plain, tls = free_ports(2)
    told = {
        "folder": folder,
        "owner": owner.pw_name,
        "group": grp.getgrgid(owner.pw_gid).gr_name,
        "uid": owner.pw_uid,
        "gid": owner.pw_gid,
        "certificate": certificates.certificate,
        "key": certificates.key,
        "password": PASSWORD,
        "plain": plain,
        "tls": tls,
    }
    (folder / "dovecot.conf").write_text(_CONFIG.format(**told))
    return Dovecot("127.0.0.1", plain, tls, PASSWORD, certificates.authority, folder / "dovecot.log")


def _give_to(folder: Path, owner: pwd.struct_passwd) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _wait(process: "subprocess.Popen[bytes]", server: Dovecot) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((server.host, server.port), 1) as probe:
            probe.settimeout(2)
            if probe.recv(4) == b"* OK":
                return
        time.sleep(0.05)
    log = server.log.read_text() if server.log.exists() else "no log"
    raise RuntimeError(f"Dovecot did not start: {log[-500:]}")
