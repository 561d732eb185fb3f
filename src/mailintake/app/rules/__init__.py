"""What an operator does with rules: try them on examples and on stored mail, put them in force, take them back."""
