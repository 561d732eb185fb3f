"""What people write about what the guide excludes, and how much of it the rules see."""
