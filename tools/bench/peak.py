"""The most memory a process held."""

from pathlib import Path


def peak() -> float:
    """In megabytes, since this program began. (`ru_maxrss` begins with what the parent process held.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
