"""What a unit does for the desk: one-time links, sessions, and what is being typed."""

from datetime import datetime, timedelta

from mailintake.store.part import Part
from mailintake.store.types import clean

DRAFT_LASTS = timedelta(days=30)


class DeskWrites(Part):
    """Links, sessions and drafts. Only hashes of keys are kept; what is over is removed as new ones come."""

    def add_login_link(self, key_sha256: str, name: str, now: datetime, expires: datetime) -> None:
        """A link that lets somebody in once."""
        from sqlmodel import col, delete

        from mailintake.store.classes import DeskLinkTable

        with self._session() as session:
            session.exec(delete(DeskLinkTable).where(col(DeskLinkTable.expires) < now))
            session.add(DeskLinkTable(key_sha256=key_sha256, name=name, expires=expires))

    def use_login_link(self, key_sha256: str, now: datetime) -> str | None:
        """Use it up; whose it was, or None where it was used, is too old or was never given."""
        from mailintake.store.classes import DeskLinkTable

        with self._session() as session:
            row = session.get(DeskLinkTable, key_sha256)
            if row is None or row.expires < now:
                return None
            session.delete(row)
            return row.name

    def open_session(self, key_sha256: str, name: str, token: str, now: datetime, expires: datetime) -> None:
        """Somebody is logged in; `token` is what their forms carry."""
        from sqlmodel import col, delete

        from mailintake.store.classes import DeskSessionTable

        with self._session() as session:
            session.exec(delete(DeskSessionTable).where(col(DeskSessionTable.expires) < now))
            session.add(
                DeskSessionTable(
                    key_sha256=key_sha256,
                    name=name,
                    token=token,
                    opened_at=now,
                    seen_at=now,
                    expires=expires,
                    told="",
                )
            )

    def see_session(self, key_sha256: str, now: datetime) -> None:
        """It is in use."""
        from mailintake.store.classes import DeskSessionTable

        with self._session() as session:
            row = session.get(DeskSessionTable, key_sha256)
            if row is not None:
                row.seen_at = now

    def tell_session(self, key_sha256: str, told: str) -> None:
        """What its next page says; empty: nothing any more."""
        from mailintake.store.classes import DeskSessionTable

        with self._session() as session:
            row = session.get(DeskSessionTable, key_sha256)
            if row is not None:
                row.told = told

    def end_session(self, key_sha256: str) -> None:
        """Logged out."""
        from mailintake.store.classes import DeskSessionTable

        with self._session() as session:
            row = session.get(DeskSessionTable, key_sha256)
            if row is not None:
                session.delete(row)

    def save_draft(self, name: str, place: str, said: str, now: datetime) -> None:
        """What somebody is typing there; empty: done. What nobody has finished in a month goes."""
        from sqlmodel import col, delete

        from mailintake.store.classes import DeskDraftTable

        with self._session() as session:
            session.execute(delete(DeskDraftTable).where(col(DeskDraftTable.at) < now - DRAFT_LASTS))
            if said:
                session.merge(DeskDraftTable(name=name, place=place, said=clean(said), at=now))
            elif (row := session.get(DeskDraftTable, (name, place))) is not None:
                session.delete(row)
