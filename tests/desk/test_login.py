"""Who gets in, how, and for how long (ASVS 5.0 chapters 6, 7)."""

from dataclasses import replace
from datetime import timedelta

from starlette.testclient import TestClient
from tests.desk.conftest import CLERK, Browser, Later, browser
from tests.support.worker import Office

from mailintake.config import resource
from mailintake.desk.app import desk_app
from mailintake.desk.place import Desk
from mailintake.model.letter import LetterKind


def stranger(desk: Desk) -> TestClient:
    return TestClient(desk_app(desk, resource("templates/desk/static")), follow_redirects=False)


def test_without_a_session_every_screen_leads_to_the_login(desk: Desk) -> None:
    client = stranger(desk)
    for path in ("/", "/cases", "/letters", "/mails", "/search?q=x", "/audit", "/files/x/0", "/nothing"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/login"), path
    assert client.post("/act", data={"act": "accept"}).status_code == 401


def test_looking_at_a_link_does_not_use_it_up_and_pressing_the_button_does(desk: Desk) -> None:
    key = desk.sessions.link_for(CLERK)
    client = stranger(desk)
    for _ in range(3):
        assert CLERK in client.get(f"/login/{key}").text
    assert client.post(f"/login/{key}", headers={"content-length": "0"}).status_code == 303
    assert client.get("/").status_code == 200
    assert stranger(desk).post(f"/login/{key}", headers={"content-length": "0"}).status_code == 410


def test_a_link_ends_after_half_an_hour(desk: Desk, later: Later) -> None:
    key = desk.sessions.link_for(CLERK)
    later(timedelta(minutes=31))
    assert stranger(desk).get(f"/login/{key}").status_code == 410


def test_a_session_ends_by_itself_when_nobody_uses_it_and_after_a_working_day(clerk: Browser, later: Later) -> None:
    for _ in range(4):
        later(timedelta(minutes=110))
        clerk.get("/")
    later(timedelta(minutes=50))
    assert clerk.client.get("/").status_code == 303  # eight hours are over
    again = browser(clerk.desk)
    later(timedelta(hours=2, minutes=1))
    assert again.client.get("/").status_code == 303


def test_logging_out_ends_the_session_on_the_server(clerk: Browser) -> None:
    cookie = clerk.client.cookies["desk"]
    clerk.post("/logout")
    clerk.client.cookies.set("desk", cookie)
    assert clerk.client.get("/").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    key = desk.sessions.link_for(CLERK)
    given = stranger(desk).post(f"/login/{key}", headers={"content-length": "0"}).headers["set-cookie"].lower()
    assert "httponly" in given
    assert "samesite=strict" in given
    assert "path=/" in given


def test_a_link_is_mailed_to_somebody_known_and_a_stranger_is_told_the_same(desk: Desk, at: Office) -> None:
    client = stranger(desk)
    known = client.post("/login", data={"mail": "clerk@gov.example"})
    other = client.post("/login", data={"mail": "nobody@example.net"})
    assert known.text == other.text
    (letter,) = [e for e in at.shells.store.outbox() if e.letter is LetterKind.LOGIN]
    assert letter.to == ("clerk@gov.example",)


def test_trying_is_limited(desk: Desk) -> None:
    client = stranger(desk)
    answers = [client.post("/login/wrong", headers={"content-length": "0"}).status_code for _ in range(12)]
    assert answers[0] == 410
    assert answers[-1] == 429


def test_only_hashes_of_keys_are_stored(desk: Desk, at: Office) -> None:
    key = desk.sessions.link_for(CLERK)
    assert key is not None
    database = b"".join(p.read_bytes() for p in at.inbox.parent.iterdir() if p.is_file())
    assert database
    assert key.encode() not in database


def test_a_form_sent_after_the_session_ended_does_nothing_and_loses_nothing(clerk: Browser, later: Later) -> None:
    token = clerk.token()
    later(timedelta(hours=9))
    page = clerk.post("/act", 401, token=token, act="note", on="case", target="x", text="写了很久的一段记录")
    assert "登录已经过期" in page
    assert "写了很久的一段记录" in page


def test_behind_tls_the_cookie_is_bound_to_this_host_and_to_tls(desk: Desk) -> None:
    app = desk_app(replace(desk, https=True), resource("templates/desk/static"))
    client = TestClient(app, base_url="https://desk.gov.example", follow_redirects=False)
    answer = client.post(f"/login/{desk.sessions.link_for(CLERK)}", headers={"content-length": "0"})
    assert answer.headers["set-cookie"].startswith("__Host-desk=")
    assert "; secure" in answer.headers["set-cookie"].lower()
    assert "includeSubDomains" in answer.headers["strict-transport-security"]
    assert client.get("/").status_code == 200


def test_whoever_leaves_the_office_is_logged_in_nowhere_at_once(clerk: Browser, at: Office) -> None:
    with at.shells.store.begin() as unit:
        assert unit.forget_colleague(CLERK)
        assert not unit.forget_colleague("没有此人")
    assert clerk.client.get("/").status_code == 303
    assert clerk.desk.sessions.link_for(CLERK) is None


def test_a_new_login_ends_the_session_that_this_browser_had(clerk: Browser) -> None:
    before = clerk.client.cookies["desk"]
    clerk.client.post(f"/login/{clerk.desk.sessions.link_for(CLERK)}", headers={"content-length": "0"})
    assert clerk.get("/")
    assert clerk.desk.sessions.of(before) is None


def test_coming_going_and_being_turned_away_are_in_the_log(clerk: Browser, at: Office) -> None:
    stranger(clerk.desk).post("/login/wrong", headers={"content-length": "0"})
    answer = clerk.client.post("/logout", data={"token": clerk.token()}, headers={"origin": "http://testserver"})
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    seen = [(e.what, e.actor) for e in at.shells.store.events() if e.what.startswith("desk.")]
    assert seen == [("desk.entered", "staff:周岚"), ("desk.refused", "stranger"), ("desk.left", "staff:周岚")]


def test_a_whole_office_behind_one_proxy_logs_in_at_half_past_eight(desk: Desk) -> None:
    client = stranger(desk)
    for _ in range(30):
        key = desk.sessions.link_for(CLERK)
        assert client.post(f"/login/{key}", headers={"content-length": "0"}).status_code == 303
    asked = [client.post("/login", data={"mail": f"colleague{n}@gov.example"}).status_code for n in range(30)]
    assert set(asked) == {200}
    again = [client.post("/login", data={"mail": "clerk@gov.example"}).status_code for _ in range(12)]
    assert (again[0], again[-1]) == (200, 429)


def test_a_proxy_s_header_counts_only_where_it_was_named(desk: Desk) -> None:
    named = {b"x-remote-user": CLERK.encode()}
    assert stranger(desk).get("/login", headers=named).status_code == 200  # nobody may say so
    app = desk_app(replace(desk, proxy_header="x-remote-user"), resource("templates/desk/static"))
    let_in = TestClient(app, follow_redirects=False)
    assert let_in.get("/login", headers=named).headers["location"] == "/"
    assert let_in.get("/").status_code == 200
    by_mail = TestClient(app, follow_redirects=False).get("/login", headers={"x-remote-user": "clerk@gov.example"})
    assert by_mail.status_code == 303
    assert TestClient(app, follow_redirects=False).get("/login", headers={"x-remote-user": "x"}).status_code == 200
