"""What every answer carries, and which requests go no further."""

import pytest
from starlette.testclient import TestClient
from tests.desk.conftest import Browser

from mailintake.config import resource
from mailintake.desk.app import desk_app
from mailintake.desk.place import Desk
from mailintake.errors import StoreBusy


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


@pytest.mark.parametrize(
    "path", ["/", "/static/desk.css", "/static/desk.js", "/static/icon.svg", "/health", "/report.xlsx"]
)
def test_every_answer_says_what_it_is_and_in_which_letters(clerk: Browser, path: str) -> None:
    kind = clerk.client.get(path).headers["content-type"]
    assert "charset=utf-8" in kind or kind == "application/json" or "spreadsheet" in kind


def test_a_field_sent_twice_or_in_the_address_changes_nothing(clerk: Browser) -> None:
    number = "LN-" + clerk.get("/cases").split("/cases/LN-")[1].split('"')[0]
    twice = {"token": clerk.token(), "act": ["note", "close"], "on": "case", "target": number, "text": "x"}
    headers = {"origin": "http://testserver"}
    assert clerk.client.post("/act", data=twice, headers=headers).status_code == 409
    asked = clerk.client.post(f"/act?act=close&on=case&target={number}", data={"token": clerk.token()}, headers=headers)
    assert asked.status_code == 409


def test_nothing_changes_by_looking(clerk: Browser) -> None:
    for path in ("/act", "/undo", "/drafts", "/logout", "/letters/approve", "/letters/recall"):
        assert clerk.client.get(path).status_code in (404, 405), path


def test_a_fault_of_ours_tells_nothing_and_keeps_what_was_typed(
    clerk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreBusy("secret detail of /var/lib/mailintake")

    monkeypatch.setattr("mailintake.desk.acting.perform", broken)
    page = clerk.post("/act", 503, act="note", on="case", target="x", text="很长的一段记录")
    assert "很长的一段记录" in page
    assert "secret detail" not in page
