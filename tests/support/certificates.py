"""A throw-away certificate authority and a server certificate for 127.0.0.1 and localhost, by openssl."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.debian import program

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


@dataclass(frozen=True)
class Certificates:
    """Files in PEM form."""

    authority: Path
    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """For a server in this process."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificates(folder: Path, names: str = "IP:127.0.0.1,DNS:localhost") -> Certificates:
    """New keys and certificates in the folder, valid for `names`."""
    authority, key = folder / "authority.pem", folder / "authority.key"
    made = Certificates(authority, folder / "server.pem", folder / "server.key")
    ca = ("-keyout", str(key), "-out", str(authority), "-subj", "/CN=Test Authority")
    _openssl(*_KEY, *ca, "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign")
    server = ("-keyout", str(made.key), "-out", str(made.certificate), "-subj", "/CN=localhost")
    extensions = ("-addext", f"subjectAltName={names}", "-addext", "basicConstraints=critical,CA:FALSE")
    _openssl(*_KEY, "-CA", str(authority), "-CAkey", str(key), *server, *extensions)
    return made


def _openssl(*arguments: str) -> None:
    command = [program("openssl", "openssl"), "req", "-x509", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
