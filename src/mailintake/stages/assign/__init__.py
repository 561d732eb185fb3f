"""Who is applying, and which file is whose."""
