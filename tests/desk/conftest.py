"""An office with mail in hand, its desk, and browsers that are logged in."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient
from tests.support.worker import Office, application, mail, office, pool

from mailintake.config import resource
from mailintake.desk.app import desk_app
from mailintake.desk.place import Desk
from mailintake.desk.serve import desk_over, listening
from mailintake.model.letter import LetterPolicy, Mode
from mailintake.model.staff import Colleague, Role
from mailintake.readers.pool import ReaderPool

SCREENS = (
    "/",
    "/letters",
    "/cases",
    "/mails",
    "/deadlines",
    "/window",
    "/companies",
    "/report",
    "/audit",
    "/audit/person?who=x",
    "/search?q=x",
)
CLERK, HEAD, AUDITOR = "周岚", "秦朗", "沈月"
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(scope="session")
def readers() -> Iterator[ReaderPool]:
    opened = pool()
    yield opened
    opened.close()


POLICY = LetterPolicy(default_mode=Mode.APPROVE, quiet_seconds=0)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, readers: ReaderPool) -> Path:
    """The office as every test finds it, made once: an application and an enquiry, whose letters wait for approval."""
    folder = tmp_path_factory.mktemp("office")
    with office(folder, readers=readers, policy=POLICY) as made:
        with made.shells.store.begin() as unit:
            for name, role in ((CLERK, Role.CLERK), (HEAD, Role.HEAD), (AUDITOR, Role.AUDITOR)):
                unit.save_colleague(Colleague(name, role, f"{role.value}@gov.example"))
        made.deliver(application())
        made.deliver(mail(id="q1"))
        made.run()
    return folder


@pytest.fixture
def at(tmp_path: Path, readers: ReaderPool, prepared: Path) -> Iterator[Office]:
    """The prepared office, of which this test may do what it likes."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    with office(tmp_path, readers=readers, policy=POLICY, data_folder=tmp_path) as made:
        yield made


@pytest.fixture
def desk(at: Office) -> Desk:
    return desk_over(at.shells)


@dataclass
class Browser:
    """A client with cookies, and the forms of the pages it sees."""

    client: TestClient
    desk: Desk

    def get(self, path: str, status: int = 200) -> str:
        """The page there."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:400])
        return str(answer.text)

    def token(self, path: str = "/") -> str:
        """What forms of this session carry."""
        found = TOKEN.search(self.get(path))
        assert found is not None
        return found[1]

    def post(self, path: str, status: int = 303, *, token: str | None = None, **fields: str) -> str:
        """A form sent from the page it was shown on; gives where it leads, or the page that says why not."""
        said = fields | {"token": self.token() if token is None else token}
        answer = self.client.post(path, data=said, headers={"origin": "http://testserver"})
        assert answer.status_code == status, (path, answer.status_code, answer.text[:400])
        return str(answer.headers.get("location", "") or answer.text)


def browser(desk: Desk, name: str = CLERK) -> Browser:
    """Somebody who has just pressed the button of their link."""
    app = desk_app(desk, resource("templates/desk/static"))
    client = TestClient(app, follow_redirects=False)
    key = desk.sessions.link_for(name)
    assert client.post(f"/login/{key}", headers={"content-length": "0"}).status_code == 303
    return Browser(client, desk)


@pytest.fixture
def clerk(desk: Desk) -> Browser:
    return browser(desk)


@pytest.fixture
def serving(desk: Desk) -> Iterator[str]:
    """The desk on a port of this machine, for real browsers."""
    with listening("127.0.0.1", 0) as sock:
        settings = uvicorn.Config(desk_app(desk, resource("templates/desk/static")), lifespan="off", log_level="error")
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"  # whoever connects before it answers is answered then
        server.should_exit = server.force_exit = True
        thread.join()


Later = Callable[[timedelta], None]


@pytest.fixture
def later(at: Office) -> Later:
    """Time goes by."""

    def by(span: timedelta) -> None:
        at.clock.now += span

    return by
