# SPDX-License-Identifier: MIT
"""Compare what probe_dump printed with what the load generator logged.

use: [NETNS=INODE,INODE] probe_compare.py DUMP TRUTH...
Prints "right N wrong N unknown N of N" and up to ten lines about what is not right.

A socket is found by protocol and both ends (a datagram socket also by the peers it named, or by its
local port alone), in the network namespaces given, and by time when a tuple was used twice. Its user is the last process that was
seen using it; an owner copied from a listener does not count as known.
"""
import os
import sys
from collections import defaultdict

PROVISIONAL = 1
TCP, UDP = "6", "17"


class Socket:
    def __init__(self, proto):
        self.proto = proto
        self.local = self.remote = None
        self.peers = set()
        self.pid = 0
        self.birth, self.death = 0, 1 << 63
        self.named = 1 << 63  # when it was first seen with its port

    def take(self, kind, time, flags, pid, local, remote):
        if kind == "OPEN":
            self.birth = time
        if kind == "CLOSE":
            self.death = time
        if kind == "PEER":
            self.peers.add(remote)
            self.local = self.local or local
        elif kind != "EXISTING" or not self.local:
            if port(local):
                self.local = local
            if port(remote):
                self.remote = remote
        if port(local):
            self.named = min(self.named, time)
        if pid and not flags & PROVISIONAL:
            self.pid = pid


def port(end):
    return int(end.rsplit(":", 1)[1])


def read_dump(path):
    sockets = {}
    namespaces = os.environ.get("NETNS", "").split(",")
    for line in open(path):
        f = line.rstrip("\n").split("\t")
        if line[0] == "#" or f[0] in ("TOTALS", "CALL"):
            continue
        if namespaces[0] and f[7] not in namespaces:
            continue  # another run of this test has the same addresses
        key = f[2]
        # plan S: the kernel used the address again
        if key in sockets and (f[0] == "OPEN" and sockets[key].birth or sockets[key].death < int(f[1])):
            sockets[key, f[1]] = sockets.pop(key)
        s = sockets.setdefault(key, Socket(f[5]))
        s.take(f[0], int(f[1]), int(f[3]), int(f[9]), f[13], f[14])
    return sockets.values()


def end(addr, number):
    return f"[{addr}]:{number}" if ":" in addr else f"{addr}:{number}"


def main(dump, truths):
    by_ends, by_port = defaultdict(list), defaultdict(list)
    for s in read_dump(dump):
        if not s.local:
            continue
        for remote in {s.remote} | s.peers:
            by_ends[s.proto, port(s.local), remote].append(s)
        by_port[s.proto, port(s.local)].append(s)
    count = {"right": 0, "wrong": 0, "unknown": 0}
    bad = []
    for line in (l for path in truths for l in open(path) if l[0] != "#"):
        role, pid, tid, la, lp, ra, rp, tx, rx, time = line.rstrip("\n").split("\t")
        proto = TCP if role.startswith("tcp") else UDP
        found = by_ends[proto, int(lp), end(ra, rp)]
        found = [s for s in found if proto == UDP or s.local == end(la, lp)]
        if not found and proto == UDP:
            found = by_port[proto, int(lp)]
        # The log is written while the socket is open. A port that was used twice: the latest
        # socket born and bound by then; among those whose birth was not seen, the one that ends first.
        alive = [s for s in found if s.birth <= int(time) <= s.death]
        best = max(alive, key=lambda s: (s.named <= int(time), s.birth, -s.death), default=None)
        named = best.pid if best else 0
        # One whose end was lost and one whose beginning was: nothing tells which of them it is.
        if best and best.death == 1 << 63 and any(s.birth == 0 and s is not best for s in alive):
            named = 0
        verdict = "unknown" if not named else "right" if named == int(pid) else "wrong"
        count[verdict] += 1
        if verdict != "right" and len(bad) < 10:
            bad.append(f"# {verdict} ({named}) for {line.rstrip()}")
    total = sum(count.values())
    print(" ".join(f"{k} {v}" for k, v in count.items()), f"of {total}")
    for line in bad:
        print(line)
    return 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
