"""One check a file: pure functions from facts and parameters to findings; the folder is the registry."""
