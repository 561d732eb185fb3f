"""How people write about people: kinds of sentence with who applies and whose the numbers are. Knows no rule."""
