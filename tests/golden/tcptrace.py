#!/usr/bin/env python3
"""Payload and repeated segments a direction against tcptrace's own benchmark. Usage: tcptrace.py SOCKLENS payload|again

payload  "actual data bytes" = payload_bytes
again    "rexmt data pkts" + "outoforder pkts" = retransmission + out_of_order + keep_alive: every segment that brings
         sequence numbers already passed. tcptrace has no keep-alives: it calls a one-byte one a retransmission.
Sums over a tuple, because tcptrace and socklens may cut a reused tuple at another segment.
Prints what was compared on the first line, differences after it; exit 1 if there are any.
"""
import collections
import glob
import os
import re
import sys

import flows

OURS = {"payload": ("payload_bytes",), "again": ("tcp.retransmission", "tcp.out_of_order", "tcp.keep_alive")}
THEIRS = {"payload": ("actual data bytes",), "again": ("rexmt data pkts", "outoforder pkts")}
# Their record headers give the captured 120 bytes as wire length of frames whose IP header says 1500. tcptrace believes
# the IP header, tshark and socklens the frame; "payload" cannot be compared.
WRONG_WIRE_LENGTH = {"tcptrace__6syns.dmp", "tcptrace__fast_reuse.dmp", "tcptrace__long_rtt.dmp"}


def read_long(path):
    """{(sender, receiver): Counter of tcptrace's lines} of one `tcptrace -l` output; an end is (ip, port)."""
    out, host = collections.defaultdict(collections.Counter), {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if m := re.match(r"\thost (\w+): +(\S+):(\d+)", line):
                host = {} if len(host) == 2 else host
                host[len(host)] = (m[2], int(m[3]))
            elif m := re.match(r" {5}([\w ]+): +(\d+)[\w ]*? {2,}\1: +(\d+)", line):
                out[host[0], host[1]][m[1]] += int(m[2])
                out[host[1], host[0]][m[1]] += int(m[3])
    return out


def directions(binary, capture):
    """{(sender, receiver): Counter of ours}."""
    out = {}
    for (_, low, high), (up, down) in flows.tuple_sums(flows.report(binary, capture)).items():
        out[low, high], out[high, low] = up, down
    return out


def main():
    binary, what = sys.argv[1:3]
    compared, bad = 0, []
    for path in sorted(glob.glob(os.path.join(flows.CORPUS, "tcptrace-bench", "*.long"))):
        name = os.path.basename(path)[:-len(".long")]
        if what == "payload" and name in WRONG_WIRE_LENGTH:
            continue
        have = directions(binary, os.path.join(flows.CORPUS, name))
        for ends, theirs in read_long(path).items():
            want = sum(theirs[k] for k in THEIRS[what])
            got = sum(have.get(ends, {}).get(k, 0) for k in OURS[what])
            compared += 1
            if got != want:
                bad.append(f"{name} {ends[0]} to {ends[1]}: {got}, tcptrace {want}")
    print(f"{' + '.join(THEIRS[what])}, {compared} directions", *bad, sep="\n")
    return bool(bad) or not compared


if __name__ == "__main__":
    sys.exit(main())
