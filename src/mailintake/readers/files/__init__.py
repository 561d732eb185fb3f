"""One file to FileFacts and text."""
