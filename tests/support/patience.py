"""When a test says that something hangs: no measure of speed (benchmarks are), but of a cost without bounds."""

CPU_SECONDS = 20.0
"""What is linear in these inputs costs under a second on two slow cores; what is quadratic costs minutes."""
