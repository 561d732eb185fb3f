"""What we know, kept: database tables, original bytes, the event log."""
