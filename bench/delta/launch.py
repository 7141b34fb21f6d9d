"""Runs a program and writes how much memory it had resident, in KiB, to a file descriptor.

It stands between the benchmark and the program because the kernel counts for a process what its
parent had resident, and the benchmark has loaded a lot.
"""

from __future__ import annotations

import os
import sys


def main() -> int:
    descriptor, *command = sys.argv[1:]
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    os.write(int(descriptor), str(usage.ru_maxrss).encode())
    return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    sys.exit(main())
