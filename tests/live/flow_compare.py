# SPDX-License-Identifier: MIT
"""Compare the processes of reported flows with what the load generator logged.

use: [WALL=NS] flow_compare.py FLOWS.ndjson TRUTH...   (WALL: wall clock less monotonic clock, of another machine)
Prints "right N wrong N unknown N of N" and up to ten lines about what is not right.

An end of the truth is found by protocol and both ends (an unconnected socket's by its port); of a tuple used twice, the flow that was alive
when the log line was written (or came nearest to it).
"""
import json
import os
import sys
import time
from collections import defaultdict


def ends(path):
    """(proto, local, remote) -> [(start, end, process)] in wall-clock ns."""
    by_ends = defaultdict(list)
    for line in open(path):
        o = json.loads(line)
        if o["type"] != "flow" or "port" not in o["src"]:
            continue
        for me, peer in ((o["src"], o["dst"]), (o["dst"], o["src"])):
            for ip in (me["ip"], "0.0.0.0", "::"):
                key = o["proto"], (ip, me["port"]), (peer["ip"], peer["port"])
                by_ends[key].append((o["start_ns"], o["end_ns"], me["process"]))
    return by_ends


def distance(flow, at):
    return max(flow[0] - at, at - flow[1], 0)


def main(flows, truths):
    by_ends = ends(flows)
    wall = int(os.environ.get("WALL", time.time_ns() - time.monotonic_ns()))
    count = {"right": 0, "wrong": 0, "unknown": 0}
    bad = []
    for line in (l for path in truths for l in open(path) if l[0] != "#"):
        role, pid, _tid, la, lp, ra, rp, _tx, _rx, mono = line.rstrip("\n").split("\t")
        key = role[:3], (la, int(lp)), (ra, int(rp))
        at = int(mono) + wall
        best = min(by_ends[key], key=lambda f: distance(f, at), default=None)
        process = best[2] if best else {"reason": "no such flow"}
        named = process.get("pid")
        verdict = "unknown" if not named else "right" if named == int(pid) else "wrong"
        count[verdict] += 1
        if verdict != "right" and len(bad) < 10:
            bad.append(f"# {verdict} ({process}) for {line.rstrip()}")
    print(" ".join(f"{k} {v}" for k, v in count.items()), f"of {sum(count.values())}")
    print("\n".join(bad))


main(sys.argv[1], sys.argv[2:])
