"""CPU of one case's documents: our reading against the bare calls of the libraries it stands on, in one process.

python -m benchmarks.documents [--rounds N]     a table of CPU seconds and ratios; exit 1 when the whole is above 1.1
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"  # before the libraries are loaded: one core, as in the reader process
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
from PIL import Image
from pypdf import PdfReader
from tests.support.papers import (
    CENTRE,
    MFA,
    certificate,
    company,
    form_acroform,
    form_values,
    insurance,
    jpeg,
    passport_page,
    person,
    photo,
    signature,
    slip,
)

from mailintake.readers.files import face, ocr
from mailintake.readers.files.measure import measure
from mailintake.readers.files.text import read_text
from mailintake.readers.port import Limits

MOST = 1.1
LIMITS = Limits()
Call = Callable[[], object]


def papers(folder: Path) -> dict[str, Path]:
    """The eight attachments of a case; pages as scans of 200 dots per inch."""
    who, employer, day = person(1), company(1), date(2026, 11, 3)
    made = {
        "photo.jpg": jpeg(photo(1)),
        "signature.jpg": jpeg(signature(who.name_zh)),
        "form.pdf": form_acroform(form_values(who, employer)),
        "passport.jpg": passport_page(who).jpg(200),
        "slip 1.jpg": slip(MFA, 1, employer, day).jpg(200),
        "slip 2.jpg": slip(CENTRE, 1, employer, day, layout="parties").jpg(200),
        "certificate.jpg": certificate(who, day).jpg(200),
        "insurance.jpg": insurance(who, employer, day, 12).jpg(200),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in made}


def ours(file: Path) -> object:
    """What the reader process does with it: facts, and the text of pages."""
    facts = measure(file, "0" * 64, LIMITS)
    page = file.suffix == ".jpg" and file.stem not in ("photo", "signature")
    return facts, read_text(file, facts.format, LIMITS, ocr=True) if page else None


def bare(file: Path) -> object:
    """The least anybody would call: decode, find faces, list the fields, recognise the page."""
    if file.suffix == ".pdf":
        reader = PdfReader(file)
        return reader.get_fields(), [page.extract_text(extraction_mode="layout") for page in reader.pages]
    with Image.open(file) as image:
        pixels = np.asarray(image.convert("RGB"))
    if file.stem == "photo":
        return face.find_faces(pixels)
    if file.stem == "signature":
        return pixels.mean()
    return ocr._engine()(pixels[:, :, ::-1], use_det=True, use_cls=False, use_rec=True)


def cpu(call: Call, rounds: int) -> float:
    """The least CPU seconds of so many calls."""
    spent = []
    for _ in range(rounds):
        before = time.process_time()
        call()
        spent.append(time.process_time() - before)
    return min(spent)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    ocr.warm_up()
    sums = [0.0, 0.0]
    print("| document | ours, CPU s | bare calls, CPU s | ratio |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, file in papers(Path(folder)).items():
            ours(file), bare(file)  # what is loaded once is not counted
            mine, theirs = cpu(lambda f=file: ours(f), rounds), cpu(lambda f=file: bare(f), rounds)  # type: ignore[misc]
            sums = [sums[0] + mine, sums[1] + theirs]
            print(f"| {name} | {mine:.3f} | {theirs:.3f} | {mine / theirs:.2f} |")
    whole = sums[0] / sums[1]
    print(f"| all eight | {sums[0]:.3f} | {sums[1]:.3f} | {whole:.2f} |")
    return 0 if whole <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
