"""socklens diff on two captures made here, with a loss, a delay and a process planted in the second.

Usage: diff.py SOCKLENS FOLDER    Prints one line and ends with 1 when what is named is not what was planted.
"""
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import mksamples as m  # noqa: E402

PROCESSES = {"curl": "198.51.100.2", "nginx": "198.51.100.3", "backup": "198.51.100.4", "mail": "198.51.100.5"}


def conversation(frames, process, server, port, start_ms, rtt_ms, lose):
    pid = 1000 + sum(process.encode())
    c = m.Conversation(frames, ("192.0.2.10", port), (server, 443), start_ms, (f"pid={pid} comm={process}", None))
    c.open(rtt_ms=rtt_ms)
    for i in range(20):
        c.send(0, m.PSH | m.ACK, b"q" * 100, after_ms=1)
        if lose and i % 4 == 0:  # once more, after a timeout
            c.send(0, m.PSH | m.ACK, b"q" * 100, after_ms=300, seq=c.seq[0] - 100)
        c.send(1, m.PSH | m.ACK, b"r" * 1000, after_ms=rtt_ms)
        c.send(0, m.ACK)
    c.close()


def write(path, rng, planted):
    frames = []
    for i in range(10):
        for n, (process, server) in enumerate(PROCESSES.items()):
            slow = planted and process == "nginx"
            rtt = (100 if slow else 20) * rng.uniform(0.95, 1.05)
            conversation(frames, process, server, 40000 + 100 * n + i, 1000 * i, rtt, planted and process == "backup")
        if planted:
            conversation(frames, "miner", "203.0.113.9", 45000 + i, 1000 * i, 30, False)
    with open(path, "wb") as f:
        f.write(m.pcapng(sorted(frames, key=lambda x: x[0])))


def diff(socklens, a, b, *options):
    out = subprocess.run([socklens, "diff", a, b, "--format", "ndjson", *options], capture_output=True, text=True, check=True)
    return [r for r in map(json.loads, out.stdout.splitlines()) if r["type"] == "diff"]


def main():
    socklens, folder = sys.argv[1:]
    rng = random.Random(7)
    a, same, b = (os.path.join(folder, n) for n in ("a.pcapng", "same.pcapng", "b.pcapng"))
    write(a, rng, False)
    write(same, rng, False)
    write(b, rng, True)
    wrong = []
    if diff(socklens, a, same):
        wrong.append(f"found where nothing was planted: {diff(socklens, a, same)}")
    rows = diff(socklens, a, b)
    if [r["rank"] for r in rows] != list(range(1, len(rows) + 1)):
        wrong.append("ranks")
    named = []
    for r in rows:
        cause = next((p for p in ("backup", "nginx", "miner") if p in r["key"]), "nobody")
        if cause not in named:
            named.append(cause)
    if named != ["backup", "nginx", "miner"]:
        wrong.append(f"named {named}")
    first = {p: next((r for r in rows if p in r["key"]), {}) for p in ("backup", "nginx", "miner")}
    kinds = {p: (r.get("what"), r.get("verdict")) for p, r in first.items()}
    if kinds != {"backup": ("sent again", "worse"), "nginx": ("round trip", "worse"), "miner": ("new", "changed")}:
        wrong.append(f"as {kinds}")
    ratio = first["nginx"]["after"] / first["nginx"]["before"]
    if not 4 < ratio < 6:
        wrong.append(f"the delay is five times, not {ratio}")
    back = diff(socklens, b, a)
    if any(r["verdict"] == "worse" for r in back) or not any(r["what"] == "gone" and r["key"] == "miner" for r in back):
        wrong.append(f"the other way round: {back[:3]}")
    only = diff(socklens, a, b, "--filter", "process = nginx")
    if not only or any("nginx" not in r["key"] for r in only):
        wrong.append("--filter")
    print("diff names the planted loss, delay and process, worst first, and nothing else")
    print("\n".join(wrong))
    for r in rows if wrong else []:
        print(r)
    return bool(wrong)


sys.exit(main())
