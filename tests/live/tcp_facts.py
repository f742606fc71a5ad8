# SPDX-License-Identifier: MIT
"""What TCP says of itself through getsockopt(), beside what the probe says.

use: tcp_facts.py make LOG            connections in several states, their facts logged every 20 ms
     tcp_facts.py compare DUMP LOG    the INFO lines of probe_dump against the log

Facts come from TCP_INFO, SIOCOUTQ, SIOCOUTQNSD, SIOCINQ and, for the sequence numbers themselves,
TCP_REPAIR. One log line a look: local end, remote end, monotonic ns, then name=value.
"""
import fcntl
import socket
import struct
import sys
import time

TCP_INFO, TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 11, 19, 20, 21
RECV_QUEUE, SEND_QUEUE, REPAIR_OFF_NO_PROBE = 1, 2, -1
SIOCINQ, SIOCOUTQ, SIOCOUTQNSD = 0x541B, 0x5411, 0x894B
LISTEN = 10
SUMS = ("busy", "rwnd", "sndbuf")
UP_AND_DOWN = ("rto", "srtt", "cwnd")  # with each acknowledgement
JIFFY_MS = 10  # the longest that exists


def queue(s, request):
    return struct.unpack("i", fcntl.ioctl(s, request, b"\0" * 4))[0]


def sequence(s, which):
    s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, which)
    return s.getsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ) & 0xFFFFFFFF


def facts(s):
    info = s.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 256)
    u32 = lambda at: struct.unpack_from("I", info, at)[0]
    u64 = lambda at: struct.unpack_from("Q", info, at)[0]
    if info[0] == LISTEN:
        return {"backlog": f"{u32(24)}/{u32(28)}"}
    s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    written, arrived = sequence(s, SEND_QUEUE), sequence(s, RECV_QUEUE)
    s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, REPAIR_OFF_NO_PROBE)
    return {
        "rto": u32(8), "mss": u32(16), "srtt": u32(68), "cwnd": u32(80), "retransmits": u32(100),
        "rtt_min": u32(148), "busy": u64(168) // 1000, "rwnd": u64(176) // 1000,
        "sndbuf": u64(184) // 1000, "delivered": u32(192), "snd_wnd": u32(228),
        "write_seq": written, "snd_una": (written - queue(s, SIOCOUTQ)) & 0xFFFFFFFF,
        "snd_nxt": (written - queue(s, SIOCOUTQNSD)) & 0xFFFFFFFF,
        "rcv_nxt": arrived, "copied_seq": (arrived - queue(s, SIOCINQ)) & 0xFFFFFFFF,
    }


def end(address):
    return "%s:%d" % address[:2]


def look(log, s):
    got = facts(s)
    ends = end(s.getsockname()), end(s.getpeername()) if "backlog" not in got else "0.0.0.0:0"
    print(*ends, time.monotonic_ns(), *(f"{k}={v}" for k, v in got.items()), sep="\t", file=log)


def pair(listener):
    a = socket.create_connection(listener.getsockname())
    return a, listener.accept()[0]


def fill(s):
    s.setblocking(False)
    try:
        while True:
            s.send(b"x" * 65536)
    except BlockingIOError:
        pass


def make(path):
    listener = socket.create_server(("127.0.0.1", 0), backlog=7)
    stuck, deaf = pair(listener)  # never reads: limited by the receiver's window
    slow, reader = pair(listener)  # reads a little at a time
    chat, other = pair(listener)  # small messages both ways
    waiting = [socket.create_connection(listener.getsockname()) for _ in range(3)]
    fill(stuck)
    watched = [listener, stuck, deaf, slow, reader, chat, other]
    until = time.monotonic() + 4
    with open(path, "w") as log:
        while time.monotonic() < until:
            fill(slow)
            reader.recv(4096)
            chat.send(b"question")
            other.send(other.recv(8))
            chat.recv(8)
            for s in watched:
                look(log, s)
            time.sleep(0.02)
    del waiting


def fields(words):
    return dict(w.split("=", 1) for w in words)


def fits(name, value, before, after):
    """Sums grow; anything else must be right if it did not move between two looks; else who knows."""
    if name in SUMS:
        return int(before[name]) - JIFFY_MS <= int(value) <= int(after[name]) + JIFFY_MS
    if before[name] != after[name]:
        return None
    if name in UP_AND_DOWN and before["delivered"] != after["delivered"]:
        return value == before[name] or None
    return value == before[name]


def compare(dump, path):
    looks = {}
    for line in open(path):
        local, remote, t, *words = line.rstrip("\n").split("\t")
        looks.setdefault((local, remote), []).append((int(t), fields(words)))
    right, bad, seen = 0, [], {}
    for line in open(dump):
        f = line.rstrip("\n").split("\t")
        if f[0] != "INFO" or (f[13], f[14]) not in looks:
            continue
        told, t, rows = fields(f[15].split()), int(f[1]), looks[f[13], f[14]]
        before = [r for r in rows if r[0] < t]
        after = [r for r in rows if r[0] > t]
        if not before or not after:
            continue
        for name in before[-1][1]:
            verdict = fits(name, told[name], before[-1][1], after[0][1])
            if verdict:
                right += 1
                seen[name] = seen.get(name, 0) + 1
            elif verdict is False:
                bad.append(f"{f[13]} {f[14]} {name}: {told[name]}, getsockopt "
                           f"{before[-1][1][name]} then {after[0][1][name]}")
    limited = max((int(fields(l.split("\t")[15].split())["rwnd"]) for l in open(dump)
                   if l.startswith("INFO")), default=0)
    print(f"right {right} wrong {len(bad)} fields {len(seen)} rwnd-limited {limited} ms", *bad[:10], sep="\n")
    return 0 if not bad and right >= 200 and len(seen) == 17 and limited > 2000 else 1


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    sys.exit(compare(*sys.argv[2:]))
