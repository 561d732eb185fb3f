"""From the mailbox to the recorded fate of one mail."""
