"""What `socklens report` says about captures, as Python objects: shared by the tests of this folder."""
import collections
import json
import os
import subprocess

CORPUS = "../shared/corpus"


def report(binary, *captures, stdin=None, options=()):
    """The NDJSON objects for captures read in this order. Exit 3 (damaged input) still gives a report."""
    command = [binary, "report", "-n", "--format", "ndjson", *options]
    for c in captures:
        command += ["-r", c]
    done = subprocess.run(command, input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
                          capture_output=True, timeout=60, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def flows(objects):
    return [o for o in objects if o["type"] == "flow"]


def end(side):
    return side["ip"], side.get("port")


def exact_captures():
    """Captures of the corpus that name no reason for two correct tools to differ, or []."""
    path = os.path.join(CORPUS, "EXACT.txt")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return [os.path.join(CORPUS, line.strip()) for line in f if line.strip()]


def tuple_sums(objects):
    """{(proto, end, end): (Counter of the smaller end as sender, Counter of the other)}."""
    out = {}
    for o in flows(objects):
        a, b = end(o["src"]), end(o["dst"])
        low, high = sorted((a, b), key=str)
        sides = out.setdefault((o["proto"], low, high), (collections.Counter(), collections.Counter()))
        for sender, name in ((a, "src"), (b, "dst")):
            i = (name == "dst") if a == b else (sender != low)
            side = o[name]
            numbers = {k: v for k, v in side.items() if isinstance(v, int) and k != "port"}
            numbers |= {"tcp." + k: v for k, v in side.get("tcp", {}).items() if isinstance(v, int)}
            sides[i].update(numbers)
    return out
