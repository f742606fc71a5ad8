# SPDX-License-Identifier: MIT
"""One socket of each family that this kernel has, each with its own number of bytes.

use: families.py make LOG FOLDER     families.py compare DUMP LOG PLAN

Log lines: "bytes", pid, family, type, protocol, sent, received; "name", pid, pid of the other end, "path" or
"peer_path" (the other end's), name as probe_dump writes it; "none", what this kernel lacks.
"""
import os
import socket
import struct
import sys
import time

AF_VSOCK, MPTCP, SCTP, ETH_P_IP, ETH_P_LOOP = 40, 262, 132, 0x800, 0x60
held = []  # all stay open until the end


def log(*words):
    print(*words, sep="\t", file=out, flush=True)


def keep(s, sent, received):
    held.append(s)
    log("bytes", os.getpid(), int(s.family), int(s.type), s.proto, sent, received)


def shown(name):
    return name.replace("\0", "\\x00")


def unix_stream(folder):
    path = f"{folder}/".ljust(100, "n")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    keep(listener, 0, 0)
    server = os.getpid()
    if os.fork() == 0:
        s = socket.socket(socket.AF_UNIX)
        s.connect(path)
        s.send(b"x" * 1001)
        got = len(s.recv(5000))
        keep(s, 1001, got)
        log("name", os.getpid(), server, "peer_path", path)
        time.sleep(2.5)
        os._exit(0)
    s, _ = listener.accept()
    got = len(s.recv(5000))
    s.send(b"y" * 1002)
    keep(s, 1002, got)


def unix_datagrams():
    name = "\0socklens-%d" % os.getpid()
    a, b = (socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2))
    a.bind(name)
    b.sendto(b"x" * 1003, name)
    keep(a, 0, len(a.recv(5000)))
    keep(b, 1003, 0)
    log("name", os.getpid(), 0, "path", shown(name))


def unix_packets():
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    a.send(b"x" * 1004)
    keep(b, 0, len(b.recv(5000)))
    keep(a, 1004, 0)
    log("name", os.getpid(), os.getpid(), "path", "")


def unix_in_turn():
    """Of others that are gone, idle ones most likely have the places in the kernel's memory, until all is over."""
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(20)]
    for size, (a, b) in enumerate(pairs, 2000):
        log("bytes", os.getpid(), int(a.family), int(a.type), a.proto, a.send(b"x" * size), 0)
        log("bytes", os.getpid(), int(b.family), int(b.type), b.proto, 0, len(b.recv(5000)))
    for s in (s for pair in pairs for s in pair):
        s.close()
    time.sleep(0.2)
    if os.fork() == 0:
        for s in held:
            s.close()
        idle = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(60)]
        time.sleep(10)
        os._exit(len(idle) == 0)


def netlink():
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sent = s.send(struct.pack("IHHII", 20, 18, 0x301, 1, 0) + bytes(4))
    keep(s, sent, len(s.recv(65536)))


def echo(kind):
    s = socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP)
    s.settimeout(2)
    body = struct.pack("!BBHHH", 8, 0, 0, 7, 1) + bytes(1005)
    if kind == socket.SOCK_RAW:
        words = struct.unpack(f"!{len(body) // 2}H", body[:len(body) // 2 * 2])
        total = sum(words)
        body = body[:2] + struct.pack("!H", 0xFFFF - (total + (total >> 16)) & 0xFFFF) + body[4:]
    sent = s.sendto(body, ("127.0.0.1", 0))
    got = len(s.recv(5000))
    keep(s, sent, got)


def packet():
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.bind(("lo", 0))
    keep(s, s.send(bytes(12) + struct.pack("!H", ETH_P_LOOP) + bytes(1006)), 0)


def vsock():
    s = socket.socket(AF_VSOCK, socket.SOCK_STREAM)
    keep(s, 0, 0)


def stream_over_ip(proto, size):
    listener, a = (socket.socket(socket.AF_INET, socket.SOCK_STREAM, proto) for _ in range(2))
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    a.connect(listener.getsockname())
    b, _ = listener.accept()
    a.send(b"x" * size)
    keep(a, size, 0)
    got = len(b.recv(5000))
    held.append(listener)
    keep(b, 0, got) if proto != MPTCP else held.append(b)  # has its listener's cookie


def make(folder):
    for name, what in (("Unix stream", lambda: unix_stream(folder)), ("Unix datagrams", unix_datagrams),
                       ("Unix packets", unix_packets), ("Unix in turn", unix_in_turn), ("netlink", netlink),
                       ("raw", lambda: echo(socket.SOCK_RAW)), ("ping", lambda: echo(socket.SOCK_DGRAM)),
                       ("packet", packet), ("vsock", vsock),
                       ("MPTCP", lambda: stream_over_ip(MPTCP, 1007)),
                       ("SCTP", lambda: stream_over_ip(SCTP, 1008))):
        try:
            what()
        except OSError as e:
            log("none", name, e)
    time.sleep(3)


def compare(dump, path):
    closed, names, living, crossed = [], {}, {}, []
    for line in open(dump):
        f = line.rstrip("\n").split("\t")
        if f[0] == "CLOSE":
            numbers = dict(w.split("=") for w in f[15].split())
            tx, rx = (numbers[k].split("/")[0] for k in ("tx", "rx"))
            closed.append([f[9], f[4], f[5], tx, rx])
            living.pop(f[2], None)
        elif f[0] in ("OPEN", "EXISTING"):
            if living.setdefault(f[2], f[9]) != f[9]:
                crossed.append((living[f[2]], f[9]))
        elif f[0] == "UNIX":
            peer, maker, name = f[15].split(" ")[:3]
            key, at = name.split("=")
            at, size = (int(n) for n in at.split("/"))
            text = f[15].split(" ", 3)[3]
            pieces = names.setdefault((f[2], f[9], key), {})
            pieces[at] = text
            pieces["maker"] = maker.split("=")[1]
    told = {(pid, pieces["maker"], key, "".join(pieces[k] for k in sorted(p for p in pieces if p != "maker")))
            for (_, pid, key), pieces in names.items()}
    bad, good, made = [], 0, set()
    for line in open(path):
        kind, *f = line.rstrip("\n").split("\t")
        made.add(f[0])
        if kind == "none":
            print("not here:", *f)
        elif kind == "bytes":
            pid, family, _, proto, tx, rx = f
            n = sum(c[0] == pid and c[1] == family and c[3:] == [tx, rx] and
                    (family != "2" or c[2] == proto) for c in closed)
            # A socket without bytes has no number of its own: an interpreter's start may make more like it.
            right = n == 1 or (n > 1 and tx == rx == "0")
            good += right
            if not right:
                bad.append(f"{n} times: {' '.join(f)}")
        elif any(t[0] == f[0] and t[1] == f[1] and t[2] == f[2] and t[3].startswith(f[3][:56])
                 for t in told):
            good += 1
        else:
            bad.append(f"no such name: {' '.join(f)}")
    bad += [f"{new} is told of in the place of {old}'s" for old, new in crossed if old in made]
    print(f"right {good} wrong {len(bad)}", *bad, sep="\n")
    return 1 if bad or good < 12 else 0


if sys.argv[1] == "make":
    out = open(sys.argv[2], "a")
    make(sys.argv[3])
else:
    sys.exit(compare(*sys.argv[2:4]))
