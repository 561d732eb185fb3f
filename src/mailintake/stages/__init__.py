"""One file per step of a message's life, all pure: same mail, same rules, same date, same answer."""
