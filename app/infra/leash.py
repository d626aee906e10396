"""Run a command that does not outlive the process which started it.

A script of its own, because code between fork and exec is unsafe in a threaded parent:
`python -I -S leash.py PARENT_PID SIGNAL UID COMMAND...`. Linux sends the signal when the parent
dies, even by `kill -9`; elsewhere the next start finds the orphan by its recorded pid.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent_pid: int, last_signal: int, uid: int, command: list[str]) -> None:
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After setuid, which clears it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, last_signal)
        if os.getppid() != parent_pid:
            raise SystemExit("the process that wanted this command is already gone")
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        # Python ignores these two, and what is ignored stays ignored in the command.
        signal.signal(ignored, signal.SIG_DFL)
    os.execv(command[0], command)  # noqa: S606  # a list, no shell


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
