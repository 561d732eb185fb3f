"""The board of last days, its counts and the list of companies are read from indexes, without opening a case."""

from alembic import op

revision = "0007"
down_revision = "0006"

_COLUMNS = ["due", "number", "state", "due_kind", "provisional"]


def upgrade() -> None:
    """Indexes only."""
    op.drop_index("ix_cases_due", "cases")
    op.create_index(f"ix_cases_{'_'.join(_COLUMNS)}", "cases", _COLUMNS)
    op.create_index("ix_cases_company", "cases", ["company"])
