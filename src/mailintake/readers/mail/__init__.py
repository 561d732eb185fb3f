"""The raw mail to an InboundMessage (RFC 5322, 2045)."""
