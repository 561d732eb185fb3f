"""The screens, one a file; each names its addresses in ROUTES."""

from mailintake.desk.screens import (
    audit,
    case,
    cases,
    companies,
    deadlines,
    document,
    folder,
    letters,
    mails,
    report,
    search,
    today,
    window,
)

SCREENS = (today, letters, cases, case, folder, document, mails, search, deadlines, window, companies, report, audit)
