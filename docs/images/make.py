"""Pictures of the digest page and of one letter, taken by a real browser from a finished demo."""

import subprocess
import sys
import tempfile
from email import message_from_bytes
from email.policy import default
from pathlib import Path

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def shoot(page: Path, target: Path, size: str) -> None:
    """A picture of that page; `size` is WIDTH,HEIGHT in pixels."""
    with tempfile.TemporaryDirectory() as profile:
        options = [*FLAGS, f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={target}"]
        subprocess.run(["chromium", *options, page.resolve().as_uri()], check=True, capture_output=True)


def html_of(letter: Path) -> str:
    """The HTML half of a letter."""
    body = message_from_bytes(letter.read_bytes(), policy=default).get_body(("html",))
    return str(body.get_content()) if body else ""


def main() -> None:
    """docs/images/make.py DEMO-FOLDER TARGET-FOLDER"""
    demo, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    shoot(demo / "digest" / "index.html", target / "digest.png", "1000,1250")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "letter.html")
        page.write_text(html_of(sorted((demo / "letters").glob("*.eml"))[1]), encoding="utf-8")
        shoot(page, target / "letter.png", "700,1250")


if __name__ == "__main__":
    main()
