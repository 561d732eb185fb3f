"""What kind of mail it is and what it asks for."""
