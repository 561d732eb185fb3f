"""mailintake: reads applications that arrive by e-mail, checks them and answers once."""

__version__ = "0.1.0"
