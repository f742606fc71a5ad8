# SPDX-License-Identifier: MIT
"""Connections that are open before anybody looks, each end in a process of its own.

use: held.py serve|talk ADDRESS PORT COUNT
Each process logs its truth as tests/tools/load.c does and goes on talking until it is killed.
"""
import os
import socket
import sys
import time

role, where, count = sys.argv[1], (sys.argv[2], int(sys.argv[3])), int(sys.argv[4])


def log(s):
    ends = (*s.getsockname()[:2], *s.getpeername()[:2])
    # Now and for as long as it is held: the middle of the flow is as good as any moment.
    line = "\t".join(map(str, (f"tcp-{role}", os.getpid(), os.getpid(), *ends, 0, 0, time.monotonic_ns())))
    os.write(1, (line + "\n").encode())


def talk(s, first):
    log(s)
    if first:
        s.sendall(b"x")
    while s.recv(1):
        time.sleep(0.1)
        s.sendall(b"x")
    os._exit(0)


if role == "serve":
    listener = socket.create_server(where, backlog=128)
    os.write(1, b"# ready\n")
for _ in range(count):
    s = listener.accept()[0] if role == "serve" else None
    if os.fork() == 0:
        talk(s or socket.create_connection(where), first=not s)
    if s:
        s.close()
while True:
    time.sleep(60)
