# SPDX-License-Identifier: MIT
"""Sockets that change hands: fork, dup, exec, SCM_RIGHTS, pidfd_getfd, sendfile, splice, threads.

use: passing.py make LOG                    passing.py compare DUMP LOG [lengths]

One line a socket: case, local end, remote end, bytes sent, pids that used it in order. lengths: the plan
sees what moves without a call on the descriptor (sendfile, splice).
"""
import ctypes
import os
import socket
import sys
import threading
import time

PIDFD_GETFD = 438
UNSEEN = ("sendfile", "splice")  # by plan S


def in_child(work):
    """Run it in a child and wait; its pid."""
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


def by_fork(s):
    return 1001, [in_child(lambda: s.send(bytes(1001)))]


def by_dup(s):
    with s.dup() as t:
        return t.send(bytes(1002)), []


def by_exec(s):
    s.set_inheritable(True)
    command = f"printf %01003d 0 >&{s.fileno()}"
    return 1003, [in_child(lambda: os.execvp("bash", ["bash", "-c", command]))]


def by_rights(s):
    here, there = socket.socketpair()

    def take():
        _, fds, _, _ = socket.recv_fds(there, 1, 1)
        socket.socket(fileno=fds[0]).send(bytes(1004))

    pid = os.fork()
    if pid == 0:
        s.close()
        take()
        os._exit(0)
    socket.send_fds(here, [b"x"], [s.fileno()])
    os.waitpid(pid, 0)
    return 1004, [pid]


def by_pidfd(s):
    parent, number = os.getpid(), s.fileno()

    def take():
        s.close()
        fd = ctypes.CDLL(None).syscall(PIDFD_GETFD, os.pidfd_open(parent), number, 0)
        socket.socket(fileno=fd).send(bytes(1005))

    return 1005, [in_child(take)]


def by_sendfile(s):
    with open("/proc/self/exe", "rb") as f:
        return os.sendfile(s.fileno(), f.fileno(), 0, 1006), []


def by_splice(s):
    r, w = os.pipe()
    os.write(w, bytes(1007))
    return os.splice(r, s.fileno(), 1007), []


def by_thread(s):
    t = threading.Thread(target=lambda: s.send(bytes(1008)))
    t.start()
    t.join()
    return 1008, []


def closed_by_thread(s):
    """One thread waits for data, another lets go of the connection."""
    sent = s.send(bytes(1009))
    t = threading.Thread(target=lambda: s.recv(1))
    t.start()
    time.sleep(0.1)
    s.shutdown(socket.SHUT_RDWR)
    t.join()
    return sent, []


def end(address):
    return "%s:%d" % address


def make(path):
    listener = socket.create_server(("127.0.0.1", 0))
    with open(path, "w") as log:
        for case in (by_fork, by_dup, by_exec, by_rights, by_pidfd, by_sendfile, by_splice, by_thread,
                     closed_by_thread):
            s = socket.create_connection(listener.getsockname())
            ends = end(s.getsockname()), end(s.getpeername())
            peer, _ = listener.accept()
            sent, users = case(s)
            print(case.__name__[3:], *ends, sent, *[os.getpid(), *users], sep="\t", file=log)
            s.close()
            peer.close()


def compare(dump, path, lengths):
    users, sent = {}, {}
    for line in open(dump):
        f = line.rstrip("\n").split("\t")
        if line[0] == "#":
            continue
        if f[0] in ("OPEN", "OWNER"):
            users.setdefault(f[2], []).append(int(f[9]))
        if f[0] == "CLOSE":
            sent[f[13], f[14]] = users.pop(f[2], None), int(f[15].split("/")[0].split("=")[1])
    bad = good = 0
    for line in open(path):
        case, local, remote, count, *pids = line.rstrip("\n").split("\t")
        if case in UNSEEN and not lengths:
            continue
        named, told = sent.get((local, remote), (None, None))
        right = told == int(count) and named == [int(p) for p in pids]
        good += right
        bad += not right
        if not right:
            print(f"{case}: {count} by {pids}, told {told} by {named}")
    print(f"right {good} wrong {bad}")
    return 1 if bad or good < 7 else 0


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    sys.exit(compare(sys.argv[2], sys.argv[3], len(sys.argv) > 4))
