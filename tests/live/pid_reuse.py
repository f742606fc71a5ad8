# SPDX-License-Identifier: MIT
"""Processes whose number was another's a moment ago, made so by clone3() with set_tid.

use: pid_reuse.py PROGRAM ROUNDS PORT   PROGRAM: a Python interpreter of another name, for the later ones; PORT: of a
                                        UDP socket on 127.0.0.1 that is made here
Waits for a line. In each round a process `old-N` sends from a socket of its own and from one shared with its
parent, and ends; then one of the same number does the same as PROGRAM. One line a process:
  pid  comm  port of its own socket  port of the shared one
"""
import ctypes
import os
import signal
import socket
import struct
import sys
import time

SYS_CLONE3, PR_SET_NAME, EEXIST = 435, 15, 17
libc = ctypes.CDLL(None, use_errno=True)
WORK = """
import socket, sys
shared = socket.socket(fileno=int(sys.argv[1]))
own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
own.connect(("127.0.0.1", int(sys.argv[2])))
for n in range(3):
    own.send(b"own")
    shared.send(b"shared")
print(own.getsockname()[1], flush=True)
"""


def clone_as(pid):
    """fork() into a process of this number, or of any for 0; 0 in the child, None when it is taken."""
    tid = ctypes.c_int32(pid)
    args = struct.pack("11Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, ctypes.addressof(tid) if pid else 0, int(pid != 0), 0)
    made = libc.syscall(SYS_CLONE3, args, len(args))
    if made < 0 and ctypes.get_errno() == EEXIST:
        return None
    if made < 0:
        raise OSError(ctypes.get_errno(), "clone3")
    return made


def run(pid, child):
    """Its number and what it printed; None when the number is taken."""
    said, say = os.pipe()
    made = clone_as(pid)
    if made == 0:
        os.dup2(say, 1)
        child()
        os._exit(0)
    os.close(say)
    text = None
    if made:
        with os.fdopen(said) as f:
            text = f.read().strip()
        os.waitpid(made, 0)
    return made, text


def old(name, shared, port):
    libc.prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
    sys.argv = ["", str(shared.fileno()), str(port)]
    exec(WORK, {})


def main():
    os.environ["PYTHONHOME"] = sys.base_prefix
    program, rounds, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sink.bind(("127.0.0.1", port))
    print("ready", flush=True)
    sys.stdin.readline()
    done = 0
    while done < rounds:
        shared = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        shared.connect(("127.0.0.1", port))
        shared.set_inheritable(True)
        pid, first = run(0, lambda: old(f"old-{done}", shared, port))
        time.sleep(0.4 if done % 2 else 0.01)
        again, second = run(pid, lambda: os.execv(program, [program, "-c", WORK, str(shared.fileno()), str(port)]))
        if again is None:
            continue  # somebody else was quicker: not a case
        here = shared.getsockname()[1]
        print(pid, f"old-{done}", first, here, sep="\t")
        print(pid, os.path.basename(program), second, here, sep="\t", flush=True)
        done += 1
        shared.close()


main()
