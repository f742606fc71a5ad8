# SPDX-License-Identifier: MIT
"""Connects that fail, each its own way, and what the probe says of them.

use: failing.py make LOG              run in a namespace that probe_connect.sh has prepared
     failing.py compare DUMP LOG [UNKNOWN]   UNKNOWN: errno that no state tells may be 0

One log line a failure: pid, errno that the program saw, protocol number, remote end. A connect that the
program gave up is logged as ECANCELED.
"""
import errno
import os
import select
import socket
import struct
import sys

NEAR, NEAR6, SELF = "10.77.0.2", "fd77::2", "10.77.0.1"
IP_LOCAL_PORT_RANGE, ONE_PORT = 51, struct.pack("I", 55555 << 16 | 55555)  # Linux 6.3
AT_ONCE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.EINVAL}


def end(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(code, proto, host, port):
    print(os.getpid(), code, proto, end(host, port), sep="\t", file=out, flush=True)


def blocking(host, port, kind=socket.SOCK_STREAM, prepare=lambda s: None):
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
    prepare(s)
    code = s.connect_ex((host, port))
    if code:
        log(code, 6 if kind == socket.SOCK_STREAM else 17, host, port)
    s.close()


def in_progress(host, port):
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex((host, port))
    select.select([], [s], [], 5)
    log(s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), 6, host, port)


def given_up(host, port):
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex((host, port))
    select.select([], [s], [], 0.2)
    s.close()
    log(errno.ECANCELED, 6, host, port)


def twice(first, second):
    """A socket that failed may try again."""
    s = socket.socket()
    for host, port in (first, second):
        log(s.connect_ex((host, port)), 6, host, port)


def refused_datagrams(host, port):
    """However often it is told."""
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    s.connect((host, port))
    code = 0
    for _ in range(5):
        try:
            s.send(b"x")
            select.select([s], [], [], 0.05)
            s.recv(9)
        except OSError as e:
            code = e.errno
    log(code, 17, host, port)


def no_port_left():
    listener = socket.create_server((SELF, 7999))
    one = lambda s: s.setsockopt(socket.IPPROTO_IP, IP_LOCAL_PORT_RANGE, ONE_PORT)
    first = socket.socket()
    one(first)
    first.connect((SELF, 7999))
    blocking(SELF, 7999, prepare=one)
    listener.close()


def many(n):
    for _ in range(n):
        if os.fork() == 0:
            blocking(NEAR, 4)
            os._exit(0)
        os.wait()


def make():
    blocking(NEAR, 9)
    blocking(NEAR6, 9)
    blocking("192.0.2.99", 80)  # no route
    blocking("2001:db8::9", 80)
    blocking("198.51.100.1", 80)  # route "unreachable"
    blocking("198.51.101.1", 80)  # route "prohibit"
    blocking("192.0.2.98", 53, socket.SOCK_DGRAM)
    blocking("10.77.0.98", 80)  # nobody takes the packets: timed out
    blocking("10.77.0.99", 80)  # nobody answers ARP
    in_progress(NEAR, 10)
    given_up("10.77.0.98", 81)
    twice((NEAR, 11), ("192.0.2.97", 80))
    twice(("192.0.2.96", 80), (NEAR, 12))
    refused_datagrams(NEAR, 13)
    refused_datagrams(NEAR6, 13)
    no_port_left()
    many(100)
    blocking(NEAR, 7001)  # somebody listens
    blocking(NEAR, 7004, socket.SOCK_DGRAM)


def compare(dump, path, unknown):
    told = []
    for line in open(dump):
        f = line.rstrip("\n").split("\t")
        if f[0] == "FAILED":
            numbers = dict(w.split("=") for w in f[15].split())
            told.append([f[9], numbers["error"], f[5], f[14]])
    wanted = [line.rstrip("\n").split("\t") for line in open(path)]
    missing = []
    for row in wanted:
        at_once = [row[0], "0", *row[2:]]
        if row in told:
            told.remove(row)
        elif unknown and int(row[1]) in AT_ONCE and at_once in told:
            told.remove(at_once)
        else:
            missing.append(row)
    told = [row for row in told if int(row[0]) in {int(w[0]) for w in wanted}]
    print(f"failed {len(wanted)} missing {len(missing)} too many {len(told)}")
    for row in missing:
        print("missing", *row)
    for row in told:
        print("too many", *row)
    return 1 if missing or told or len(wanted) < 115 else 0


if sys.argv[1] == "make":
    out = open(sys.argv[2], "w")
    make()
else:
    sys.exit(compare(sys.argv[2], sys.argv[3], len(sys.argv) > 4))
