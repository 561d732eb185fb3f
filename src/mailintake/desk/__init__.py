"""The page staff work on: server-rendered screens over the store, and one door to the acts."""
