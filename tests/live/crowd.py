# SPDX-License-Identifier: MIT
"""More than is usual. use: crowd.py sockets N SECONDS | crowd.py same-tuple N LOG | flood N ADDR

sockets: N UDP sockets, in as few processes as the limit of open files lets, are held. same-tuple: N processes, one after the other within a
second, make the same connection (both ends alike) and each sends its own number of bytes. flood: a datagram to each of N ports, 50,000 a second.
"""
import os
import resource
import signal
import socket
import struct
import sys
import time


def sockets(n, seconds):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    each = min(n, most - 100)
    part = 0  # the process that holds what is left, and forks again if need be
    while n > each:
        part = os.fork()
        if part:
            break
        n -= each
    signal.signal(signal.SIGTERM, lambda *_: end(part))
    held = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(min(n, each))]
    print(f"# ready {len(held)}", flush=True)
    time.sleep(seconds)
    end(part)


def end(part):
    """Not before the others have: who waits for this one wants all sockets gone."""
    if part:
        os.kill(part, signal.SIGTERM)
        os.waitpid(part, 0)
    os._exit(0)


def connect_once(port, log, i):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # no TIME_WAIT
    s.bind(("127.0.0.1", 7777))
    s.connect(("127.0.0.1", port))
    s.send(bytes(i + 1))
    print("tcp-client", os.getpid(), os.getpid(), "127.0.0.1", 7777, "127.0.0.1", port, i + 1, 0,
          time.monotonic_ns(), sep="\t", file=log, flush=True)


def same_tuple(n, path):
    listener = socket.create_server(("127.0.0.1", 0), backlog=n)
    with open(path, "w") as log:
        for i in range(n):
            if os.fork() == 0:
                connect_once(listener.getsockname()[1], log, i)
                os._exit(0)
            os.wait()


def flood(n, address):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    began = time.monotonic()
    for i in range(n):
        s.sendto(b"x", (address, 1024 + i))
        if i % 500 == 0:
            time.sleep(max(0, i / 50000 - (time.monotonic() - began)))


if sys.argv[1] == "sockets":
    sockets(int(sys.argv[2]), float(sys.argv[3]))
elif sys.argv[1] == "flood":
    flood(int(sys.argv[2]), sys.argv[3])
else:
    same_tuple(int(sys.argv[2]), sys.argv[3])
