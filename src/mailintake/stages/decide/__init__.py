"""What becomes of one mail: cases, letters, notices."""
