"""Where mail comes from: one port, IMAP and folders behind it."""
