"""The answers of `init` tried before they are kept: the same questions to the servers as `doctor` asks."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mailintake.app.build import make_mailbox, system_clock
from mailintake.app.doctor import Told
from mailintake.app.doctor_network import examine_network
from mailintake.app.initial import Answers, initial_files, write_code, write_files
from mailintake.config import Configuration, load

Say = Callable[..., str]


def trial(answers: Answers, code: str, say: Say) -> Iterator[Told]:
    """Login with ID, SELECT, folders, capabilities, clock, way out. Nothing is changed or sent, nothing is kept."""
    with _configured(answers, code) as configuration:
        yield from examine_network(configuration, say, system_clock)


def with_found_folders(answers: Answers, code: str) -> Answers:
    """The inbox and the folder for spam as this server calls them. Applications are often taken for spam."""
    with _configured(answers, code) as configuration:
        settings = configuration.settings.mailboxes[0]
        with closing(make_mailbox(settings, configuration)) as mailbox:
            junk = mailbox.special_folder("Junk")
    return replace(answers, folders=("INBOX", *([junk] if junk else [])))


@contextmanager
def _configured(answers: Answers, code: str) -> Iterator[Configuration]:
    """A configuration in a folder that is gone afterwards, the code in a file only its owner reads."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        write_files(place, initial_files(replace(answers, service=False)))
        write_code(place, code)
        yield load(place, {})
