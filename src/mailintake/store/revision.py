"""The schema this program needs: the newest revision in migrations/versions."""

HEAD = "0010"
