#!/usr/bin/env python3
"""Write a capture of a minute to FILE: connections that begin, go on and end at known times.

Every 2 s a connection begins and lasts 9 s, with a request a second; one speaks all the time. Every tenth frame
comes 3 ms late, as from another queue of an interface.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import mksamples as m  # noqa: E402


def connection(frames, port, start_s, seconds):
    c = m.Conversation(frames, ("192.0.2.10", port), ("198.51.100.2", 80), start_s * 1000)
    c.open()
    for i in range(seconds):
        c.send(0, m.PSH | m.ACK, b"q" * (100 + i))
        c.send(1, m.PSH | m.ACK, b"a" * 1000, after_ms=10 + i)
        c.send(0, m.ACK)
        c.now += 980_000_000
    c.close()


frames = []
connection(frames, 40000, 0, 58)
for n in range(25):
    connection(frames, 40001 + n, 1 + 2 * n, 9)
frames.sort(key=lambda f: f[0])
order = sorted(range(len(frames)), key=lambda i: frames[i][0] + (3_000_000 if i % 10 == 0 else 0))
with open(sys.argv[1], "wb") as f:
    f.write(m.pcap([frames[i] for i in order]))
