# SPDX-License-Identifier: MIT
"""Packets that find no room, and what the kernel's own counters say of them.

use: dropping.py LOG      log lines: protocol, local port, packets thrown away by the kernel's own count

UDP: SO_MEMINFO of the socket. A listener: ListenOverflows of a namespace in which nothing else listens.
"""
import socket
import struct
import sys
import time

SO_MEMINFO, SK_MEMINFO_DROPS = 55, 8


def flood():
    r = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    r.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    r.bind(("127.0.0.1", 7100))
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", 7100))
    for _ in range(500):
        s.send(bytes(200))
    words = r.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, 36)
    return r, 17, 7100, struct.unpack_from("9I", words)[SK_MEMINFO_DROPS]


def counter(name):
    lines = [line.split() for line in open("/proc/net/netstat") if line.startswith("TcpExt:")]
    return int(dict(zip(*lines))[name])


def overflow():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 7101))
    listener.listen(1)
    before = counter("ListenDrops")
    clients = []
    for _ in range(8):
        c = socket.socket()
        c.setblocking(False)
        c.connect_ex(("127.0.0.1", 7101))
        clients.append(c)
    time.sleep(1.5)
    for c in clients:
        c.close()
    return listener, 6, 7101, counter("ListenDrops") - before


with open(sys.argv[1], "w") as log:
    kept = [flood(), overflow()]
    for _, *facts in kept:
        print(*facts, sep="\t", file=log)
    log.flush()
    time.sleep(1.5)
