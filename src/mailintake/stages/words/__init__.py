"""Words of mails and files: folded, matched, read as names, numbers and kinds."""
