"""The composition root and the jobs above a single pass: replay, explain, demo."""
