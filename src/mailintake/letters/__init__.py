"""Letters: strict templates to finished RFC 5322 messages."""
