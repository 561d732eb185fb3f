"""Letters from order to the server's answer."""
