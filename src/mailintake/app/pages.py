"""The digest as files: page, workbook and list, written whole or not at all."""

from pathlib import Path

from mailintake.letters.render import Renderer
from mailintake.model.digest import Digest
from mailintake.reports.page import digest_page


def write_pages(digest: Digest, renderer: Renderer, folder: Path, *, newest: bool = True) -> Path:
    """`folder/YYYY-MM-DD.html`, `.xlsx`, `.csv` for other programs, and index.html as the newest where it is that;
    gives the page's path."""
    from mailintake.reports.workbook import digest_csv, digest_workbook  # once a day

    folder.mkdir(parents=True, exist_ok=True)
    html = digest_page(digest, renderer)
    page = folder / f"{digest.day.isoformat()}.html"
    for target in (page, folder / "index.html") if newest else (page,):
        temporary = target.with_suffix(".tmp")
        temporary.write_text(html, encoding="utf-8")
        temporary.replace(target)
    unfinished = page.with_suffix(".xlsx.tmp")
    digest_workbook(digest, unfinished, renderer)
    unfinished.replace(page.with_suffix(".xlsx"))
    digest_csv(digest, unfinished, renderer)
    unfinished.replace(page.with_suffix(".csv"))
    return page
