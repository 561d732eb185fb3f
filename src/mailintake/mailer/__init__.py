"""Where letters go: one port, SMTP and a drop folder behind it."""
