"""What every answer carries, and which requests go no further."""

import pytest
from starlette.testclient import TestClient
from tests.desk.conftest import Browser

from mailintake.config import resource
from mailintake.desk.app import desk_app
from mailintake.desk.place import Desk


@pytest.mark.parametrize("path", ["/", "/health", "/static/desk.css", "/nothing", "/login"])
def test_security_headers_stand_on_every_answer(clerk: Browser, path: str) -> None:
    headers = clerk.client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


def test_health_tells_no_personal_data(clerk: Browser) -> None:
    answer = clerk.client.get("/health")
    assert answer.json()["status"] == "ok"
    assert set(answer.json()) == {"status", "rules", "rules_on_disk"}


def test_a_form_without_its_token_does_nothing_and_shows_what_was_typed(clerk: Browser) -> None:
    page = clerk.post("/act", 403, token="forged", act="note", on="case", target="x", text="很长的一段记录")
    assert "很长的一段记录" in page


def test_a_form_from_another_site_goes_no_further(clerk: Browser) -> None:
    said = {"token": clerk.token(), "act": "note", "kind": "case", "target": "x", "text": "x"}
    assert clerk.client.post("/act", data=said, headers={"origin": "https://evil.example"}).status_code == 403
    assert clerk.client.post("/act", data=said, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_other_hosts_methods_and_sizes_are_refused(desk: Desk) -> None:
    app = desk_app(desk, resource("templates/desk/static"), frozenset({"desk.gov.example"}))
    client = TestClient(app, base_url="http://desk.gov.example", follow_redirects=False)
    assert client.get("/health").status_code == 200
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 421
    assert client.put("/act").status_code == 405
    assert client.post("/act", content=b"x" * (1 << 21)).status_code == 413


def test_a_way_back_leads_nowhere_else(clerk: Browser) -> None:
    for back in ("https://evil.example", "//evil.example", "/\\evil.example"):
        number = clerk.get("/cases").split("/cases/LN-")[1].split('"')[0]
        assert clerk.post("/act", act="note", on="case", target=f"LN-{number}", text="记", back=back) == "/"
