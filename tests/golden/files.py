"""Pieces of a capture, as editcap cuts them, give the report of the whole; --jobs gives those of each.

Usage: files.py SOCKLENS FOLDER CAPTURE...    Prints one line and ends with 1 when any differs.
"""
import json
import os
import random
import subprocess
import sys

wrong = []


def report(socklens, captures, *options):
    out = subprocess.run([socklens, "report", "-n", *captures, "--format", "ndjson", *options], capture_output=True,
                         text=True, check=False)
    if out.returncode not in (0, 3):
        sys.exit(f"{captures} {options}: {out.stderr}")
    return out.stdout.splitlines()


def frame_times(capture):
    out = subprocess.run(["tshark", "-r", capture, "-T", "fields", "-e", "frame.time_epoch"], capture_output=True,
                         text=True, check=True).stdout.split()
    return [tuple(map(int, t.split("."))) for t in out]


def cut(capture, folder, count):
    """A rotated set: so many frames a file."""
    os.mkdir(folder)
    subprocess.run(["editcap", "-c", str(count), capture, os.path.join(folder, "capture.pcap")], check=True)
    return sorted(os.path.join(folder, n) for n in os.listdir(folder))


def deal(capture, folder, frames, hands):
    """As captured on several interfaces: each frame in one of them, in order."""
    os.mkdir(folder)
    rng, paths = random.Random(frames), []
    owner = [rng.randrange(hands) for _ in range(frames)]
    for h in range(hands):
        chosen = [str(i + 1) for i in range(frames) if owner[i] == h]
        paths.append(os.path.join(folder, f"{h}.pcap"))
        if chosen:
            subprocess.run(["editcap", "-r", capture, paths[-1], *chosen], check=True, capture_output=True)
    return [p for p in paths if os.path.exists(p)]


def compare(socklens, capture, folder):
    times = frame_times(capture)
    if times != sorted(times):
        return 0
    whole = report(socklens, [capture])
    sets = {f"{n} frames a piece": cut(capture, f"{folder}.{n}", n) for n in {7, max(2, len(times) // 3)}}
    if len(set(times)) == len(times) and len(times) < 500:
        sets["dealt to three"] = deal(capture, f"{folder}.dealt", len(times), 3)
    for what, pieces in sets.items():
        if len(set(times)) == len(times):  # frames of one time come as their captures were named
            random.Random(1).shuffle(pieces)
        if report(socklens, pieces) != whole:
            wrong.append(f"{capture}, {what}: {len(pieces)} pieces are not the whole")
    return len(sets)


def anonymous(line):
    """A row without what tells rows of several captures apart."""
    row = json.loads(line)
    for name in ("id", "parent"):
        row.pop(name, None)
    return json.dumps(row, sort_keys=True)


def compare_jobs(socklens, captures):
    alone = [line for c in captures for line in report(socklens, [c])]
    rows = {n: report(socklens, captures, "--jobs", n) for n in ("1", "2", "3")}
    if rows["1"] != rows["2"] or rows["1"] != rows["3"]:
        wrong.append("--jobs: the report tells how many read at once")
    of_each = sorted(anonymous(r) for r in alone if '"type":"summary"' not in r)
    of_all = sorted(anonymous(r) for r in rows["2"] if '"type":"summary"' not in r)
    if of_each != of_all:
        wrong.append("--jobs: rows are not those of each capture")
    flows = [json.loads(r) for r in rows["2"] if '"type":"flow"' in r]
    if len({f["id"] for f in flows}) != len(flows):
        wrong.append("--jobs: ids are not unique")
    sums = [json.loads(r) for r in alone if '"type":"summary"' in r]
    total = json.loads(rows["2"][-1])
    for name in ("packets", "flow_packets", "other_packets", "bytes", "flows"):
        if total[name] != sum(s[name] for s in sums):
            wrong.append(f"--jobs: {name} is {total[name]}")
    if total["first_ns"] != min(s["first_ns"] for s in sums) or total["last_ns"] != max(s["last_ns"] for s in sums):
        wrong.append("--jobs: first and last")


def main():
    socklens, folder, captures = sys.argv[1], sys.argv[2], sys.argv[3:]
    n = sum(compare(socklens, c, os.path.join(folder, str(i))) for i, c in enumerate(captures))
    compare_jobs(socklens, captures)
    print(f"{n} sets of pieces give the report of the whole, and --jobs those of {len(captures)} captures")
    print("\n".join(wrong))
    return bool(wrong) or n < 5


sys.exit(main())
