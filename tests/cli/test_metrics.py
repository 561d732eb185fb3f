"""What Prometheus and a load balancer read."""

import re
import threading
from http.client import HTTPConnection

from tests.cli.conftest import Command
from tests.support.office import Office

from mailintake.cli import metrics as served
from mailintake.store.lock import instance_lock

_LINE = re.compile(r'mailintake_[a-z_]+(?:\{[a-z]+="[a-z_]+"\})? -?[0-9.e+]+')


def test_every_line_is_one_that_prometheus_reads_and_none_is_personal(command: Command) -> None:
    ran = command("metrics")
    assert ran.code == 0
    for line in ran.out.splitlines():
        assert _LINE.fullmatch(line) or re.fullmatch(r"# (HELP|TYPE) mailintake_[a-z_]+ .+", line), line
    for wanted in (
        "mailintake_up 0",
        'mailintake_mailbox_difference{mailbox="main"} 0',
        "mailintake_letters_waiting 1",
    ):
        assert wanted in ran.out.splitlines()
    assert "@" not in ran.out


def get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_health_is_good_while_the_service_runs_and_names_the_trouble_otherwise(office: Office) -> None:
    with served._server("127.0.0.1:0", office.config) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        assert get(port, "/health") == (503, "not_running\n")
        with instance_lock(f"sqlite:///{office.data / 'mailintake.db'}"):
            assert get(port, "/health") == (200, "ok\n")
            assert "mailintake_up 1" in get(port, "/metrics")[1]
        assert get(port, "/else")[0] == 404
        server.shutdown()


def test_an_address_that_is_taken_or_none_is_told(command: Command, office: Office) -> None:
    with served._server("127.0.0.1:0", office.config) as server:
        ran = command("metrics", "--listen", f"127.0.0.1:{server.server_port}")
    assert ran.code == 7
    assert command("metrics", "--listen", "9480").code == 2
