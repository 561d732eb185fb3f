"""make image: the container built and run here, with buildah and a base made by mmdebstrap; no image is pulled.

Needs root and Debian's buildah and mmdebstrap, and packages from Debian's and Python's registries: some minutes. Where
processes may not be confined (a container in a container), buildah's chroot isolation and the vfs driver do.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASE, IMAGE = "docker.io/library/debian:12-slim", "mailintake"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")  # of this machine: registries may be behind a proxy of its own
_SETTINGS = """mailboxes:
  - {name: main, kind: folder, path: /var/lib/mailintake/mails, folders: [INBOX]}
data_folder: /var/lib/mailintake
ocr: false
"""
_NOT_BUILT = 3
_PROGRAM = "/opt/mailintake/.venv/bin/mailintake"
_LIFE = f"""
set -e
mkdir -p /var/lib/mailintake/mails
test "$(id -un)" = mailintake
{_PROGRAM} check --config /etc/mailintake
{_PROGRAM} run --once --config /etc/mailintake
{_PROGRAM} run --config /etc/mailintake & pid=$!
for second in $(seq 60); do
  {_PROGRAM} status --exit-code --config /etc/mailintake && break
  sleep 1
done
{_PROGRAM} status --exit-code --config /etc/mailintake
kill -TERM $pid
wait $pid
! {_PROGRAM} status --exit-code --config /etc/mailintake > /dev/null
"""


class Buildah:
    """The engine with a store of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._env = os.environ | {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}

    def __call__(self, *words: object) -> str:
        """Run it; CalledProcessError where it fails. What it says is shown then; the last line is given."""
        places = ("--root", self._folder / "root", "--runroot", self._folder / "run")
        command = [str(word) for word in ("buildah", *places, *words)]
        done = subprocess.run(command, env=self._env, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            sys.stdout.write(done.stdout)
        done.check_returncode()
        return done.stdout.strip().rpartition("\n")[2]


def main(extras: str = "") -> int:
    """Base, image, a life in it: check, one pass, the service until it is healthy, its end. The exit code is 3 where
    this machine can build no image at all (no root, no mounts, no network), which is not for the image to answer for.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="image-") as scratch:
        folder, buildah = Path(scratch), Buildah(Path(scratch))
        try:
            _build(folder, buildah, extras, begun)
        except (OSError, subprocess.CalledProcessError) as fault:
            sys.stdout.write(f"no image could be built on this machine: {fault}\n")
            return _NOT_BUILT
        _live(folder, buildah)
        _tell("check, a pass, the service healthy and ended", begun)
    return 0


def _build(folder: Path, buildah: Buildah, extras: str, begun: float) -> None:
    base = folder / "base.tar"
    include = "--include=python3,python3-venv,ca-certificates"
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", include, "bookworm", base], check=True)
    empty = buildah("from", "scratch")
    buildah("add", empty, base, "/")
    buildah("commit", empty, BASE)
    _tell("base", begun)
    pip = folder / "pip.conf"
    pip.write_text(f"[global]\ncert = {AUTHORITIES}\n", "utf-8")
    mounts = [f"--volume={AUTHORITIES}:{AUTHORITIES}:ro", f"--volume={pip}:/etc/pip.conf:ro"]
    given = ["--pull=never", "--format=docker", f"--build-arg=EXTRAS={extras}", *mounts]
    buildah("build", *given, "-f", "deploy/Containerfile", "-t", IMAGE, ".")
    _tell("image", begun)


def _live(folder: Path, buildah: Buildah) -> None:
    config = folder / "config"
    config.mkdir()
    (config / "mailintake.yaml").write_text(_SETTINGS, "utf-8")
    made = buildah("from", "--pull=never", f"localhost/{IMAGE}:latest")
    told = buildah("inspect", "--type", "image", "--format", "{{.Docker.Config.Healthcheck}}", f"localhost/{IMAGE}")
    assert "status --exit-code" in told, told
    buildah("run", f"--volume={config}:/etc/mailintake:ro", made, "--", "bash", "-c", _LIFE)


def _tell(what: str, begun: float) -> None:
    sys.stdout.write(f"{what}: {time.monotonic() - begun:.0f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
