"""The desk's own unit is tight and knows no password; the example of its proxy is TLS and claims nothing."""

import re
import subprocess
from pathlib import Path

from tests.support.debian import program

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNIT, PROXY = DEPLOY / "mailintake-desk.service", DEPLOY / "desk-nginx.conf"


def test_the_desk_s_unit_scores_as_safe_and_knows_no_password() -> None:
    analyze = program("systemd-analyze", "systemd")
    command = [analyze, "security", "--offline=yes", "--threshold=20", "--no-pager", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    text = UNIT.read_text("utf-8")
    assert "LoadCredential" not in text
    assert "SetCredential" not in text
    assert re.search(r"^IPAddressDeny=any\nIPAddressAllow=localhost$", text, re.MULTILINE)
    assert "mailintake desk --config /etc/mailintake --listen 127.0.0.1:" in text


def test_the_proxy_example_lets_in_tls_alone_and_passes_no_claim_of_who_somebody_is() -> None:
    text = PROXY.read_text("utf-8")
    assert re.findall(r"listen +(.*);", text) == ["443 ssl"]
    assert re.findall(r"ssl_protocols +(.*);", text) == ["TLSv1.2 TLSv1.3"]
    assert 'proxy_set_header X-Remote-User "";' in text
    assert "access_log off;" in text
    served = re.search(r"--listen (127\.0\.0\.1:\d+)", UNIT.read_text("utf-8"))
    assert served is not None
    assert f"proxy_pass http://{served[1]};" in text
