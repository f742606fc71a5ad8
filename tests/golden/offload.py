#!/usr/bin/env python3
"""Super-frames (GSO, BIG TCP, jumbograms) against tcpdump's own test outputs. Usage: offload.py SOCKLENS OUTPUT CAPTURE

Of each packet that OUTPUT prints, the innermost header counts: its ends and ports, the IP length (real length for BIG
TCP, 40 + payload for IPv6, jumbo option + 40) and TCP's `length`. Prints what was compared; exit 1 on a difference.
"""
import collections
import re
import sys

import flows

ENDS = re.compile(r"([0-9a-f:.]+) > ([0-9a-f:.]+): ")
JUMBO_PORTS = re.compile(r"(\d+) > (\d+): ")


def end(text, ported):
    ip, _, port = text.rpartition(".") if ported else (text, None, None)
    return (ip, int(port)) if ported else (text, None)


def ip_length(text):
    """The length of the last IP header in one packet's text."""
    lengths = [(m.start(), int(m[1]) + extra) for pattern, extra in (
        (r"flags \[\w+\], proto \w+ \(\d+\), length (\d+)", 0), (r"\[real length (\d+)", 0),
        (r"payload length:? ([1-9]\d*)", 40), (r"\(jumbo: (\d+)\)", 40)) for m in re.finditer(pattern, text)]
    return max(lengths)[1]


def packet(text):
    """(ends, ip length, payload or None) of the innermost packet in tcpdump's text."""
    ends = list(ENDS.finditer(text[re.search(r"IP6? |IPv6", text).start():]))[-1]
    src, dst = ends[1], ends[2]
    tcp = re.search(r"Flags \[", text)
    if "jumbo" in text and tcp:
        ports = JUMBO_PORTS.search(text, text.index("(jumbo"))
        addresses = ENDS.search(text)
        return (addresses[1], int(ports[1])), (addresses[2], int(ports[2])), ip_length(text), int(text.rsplit("length ", 1)[1])
    return end(src, tcp), end(dst, tcp), ip_length(text), int(text.rsplit("length ", 1)[1]) if tcp else None


def main():
    binary, output, capture = sys.argv[1:4]
    with open(output, encoding="utf-8") as f:
        body = "".join(line for line in f if not line.startswith("#"))
    want = collections.defaultdict(collections.Counter)
    for text in re.split(r"(?m)^ +\d+  (?=\d{4}-\d\d-\d\d )", body)[1:]:
        src, dst, length, payload = packet(text.rstrip())
        want[src, dst].update(packets=1, ip_bytes=length, **({"payload_bytes": payload} if payload is not None else {}))
    have = {}
    for (_, low, high), (up, down) in flows.tuple_sums(flows.report(binary, capture)).items():
        have[low, high], have[high, low] = up, down
    bad = [f"{ends}: {dict(have.get(ends, {}))}, tcpdump {dict(c)}" for ends, c in want.items()
           if any(have.get(ends, {}).get(k) != v for k, v in c.items())]
    print("; ".join(f"{s[0]} > {d[0]} {dict(c)}" for (s, d), c in want.items()), *bad, sep="\n")
    return bool(bad) or not want


if __name__ == "__main__":
    sys.exit(main())
