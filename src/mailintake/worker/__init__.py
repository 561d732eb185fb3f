"""One pass over the mailbox, and when passes happen: the only code that performs effects."""
