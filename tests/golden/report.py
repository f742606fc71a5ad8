"""--group-by, --top, --fields, --interval and --between against the CSV report added up by Python.

Usage: report.py SOCKLENS CAPTURE...    Prints one line and ends with 1 when any differs.
"""
import csv
import os
import subprocess
import sys
import tempfile
from collections import defaultdict

wrong = []
checks = 0


def same(what, ours, theirs):
    global checks
    checks += 1
    if ours != theirs:
        wrong.append(f"{what}: {str(ours)[:300]} but Python has {str(theirs)[:300]}")


def report(socklens, capture, *options):
    out = subprocess.run([socklens, "report", "-n", "-r", capture, "--format", "csv", "--csv-raw", *options],
                         capture_output=True, text=True, check=False)
    if out.returncode not in (0, 3):
        sys.exit(f"{capture} {options}: {out.stderr}")
    return list(csv.DictReader(out.stdout.splitlines()))


def both(row, name):
    return int(row["src_" + name] or 0) + int(row["dst_" + name] or 0)


def ends(row, name):
    return [row["src_" + name], row["dst_" + name]]


KEYS = {
    "host": lambda r: ends(r, "ip"),
    "process": lambda r: ends(r, "process_name"),
    "port": lambda r: [r["dst_port"]],
    "app": lambda r: [r["app"] or r["proto"]],
    "name": lambda r: [r["names_sni"] or r["names_host"] or r["dst_name"] or r["names_dns"].split(" ")[0]],
    "src.ip": lambda r: [r["src_ip"]],
    "state": lambda r: [r["state"]],
}


def grouped(rows, keys):
    groups = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in rows:
        known = [(k, e) for e, k in enumerate(keys(row)) if k] or [("(unknown)", 0)]
        for k, end in known:
            sent = (int(row["src_bytes"]), int(row["dst_bytes"]))
            groups[k][3] += sent[end]
            groups[k][4] += sent[not end]
        for k in {k for k, _ in known}:
            groups[k][0] += 1
            groups[k][1] += both(row, "packets")
            groups[k][2] += both(row, "bytes")
    return dict(groups)


def check_groups(socklens, capture, rows):
    for key, keys in KEYS.items():
        ours = report(socklens, capture, "--group-by", key)
        names = ("flows", "packets", "bytes", "sent_bytes", "received_bytes")
        same(f"{capture} by {key}", {r["key"]: [int(r[n]) for n in names] for r in ours}, grouped(rows, keys))
        order = [(-int(r["bytes"]), r["key"].encode()) for r in ours]
        same(f"{capture} order of {key}", order, sorted(order))
        same(f"{capture} top of {key}", report(socklens, capture, "--group-by", key, "--top", "2"), ours[:2])


def check_top(socklens, capture, rows):
    for by, value in (("bytes", lambda r: both(r, "bytes")), ("packets", lambda r: both(r, "packets")),
                      ("duration", lambda r: int(r["duration_ns"]))):
        best = sorted(range(len(rows)), key=lambda i: (-value(rows[i]), i))[:5]
        ours = report(socklens, capture, "--top", "5", "--by", by)
        same(f"{capture} top by {by}", ours, [rows[i] for i in best])
    some = ["dst_port", "id", "src_ip", "names_dns", "vlan", "start"]
    same(f"{capture} fields", report(socklens, capture, "--fields", ",".join(some)),
         [{n: r[n] for n in some} for r in rows])


def frame_times(capture):
    out = subprocess.run(["tshark", "-r", capture, "-T", "fields", "-e", "frame.time_epoch"],
                         capture_output=True, text=True, check=False).stdout
    return [int(s) * 10**9 + int(ns) for s, ns in (line.split(".") for line in out.splitlines())]


def check_intervals(socklens, capture, rows):
    """Each frame counts in the interval it lies in: only for captures all of whose frames are in flows."""
    times = frame_times(capture)
    if sum(both(r, "packets") for r in rows) != len(times) or times != sorted(times):
        return
    for seconds in (1, 7):
        wanted = defaultdict(int)
        for t in times:
            wanted[t // (seconds * 10**9) * seconds * 10**9] += 1
        ours = report(socklens, capture, "--interval", f"{seconds}s", "--fields", "start,packets,bytes")
        starts = report(socklens, capture, "--interval", f"{seconds}s", "--fields", "packets")
        same(f"{capture} every {seconds} s", [int(r["packets"]) for r in ours], list(wanted.values()))
        same(f"{capture} bytes of intervals", sum(int(r["bytes"]) for r in ours), sum(both(r, "bytes") for r in rows))
        same(f"{capture} rows of intervals", len(starts), len(wanted))


def rfc3339(ns):
    date = subprocess.run(["date", "-u", "-d", f"@{ns // 10**9}", "+%Y-%m-%dT%H:%M:%S"], capture_output=True,
                          text=True, check=True).stdout.strip()
    return f"{date}.{ns % 10**9:09d}Z"


def check_between(socklens, capture, folder):
    """The same as of the frames that editcap leaves."""
    times = frame_times(capture)
    if len(times) < 4:
        return
    inner = [t for t in times if times[len(times) // 4] <= t < times[-len(times) // 4]]
    cut = os.path.join(folder, "cut")
    chosen = [str(i + 1) for i, t in enumerate(times) if times[len(times) // 4] <= t < times[-len(times) // 4]]
    if not inner or len(chosen) > 500:
        return
    subprocess.run(["editcap", "-r", capture, cut, *chosen], check=True, capture_output=True)
    between = f"{rfc3339(times[len(times) // 4])},{rfc3339(times[-len(times) // 4])}"
    plain = [{k: v for k, v in r.items() if k != "interface"} for r in report(socklens, cut)]
    ours = [{k: v for k, v in r.items() if k != "interface"} for r in report(socklens, capture, "--between", between)]
    same(f"{capture} between {between}", ours, plain)


def main():
    socklens, captures = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        for capture in captures:
            rows = report(socklens, capture)
            check_groups(socklens, capture, rows)
            check_top(socklens, capture, rows)
            check_intervals(socklens, capture, rows)
            check_between(socklens, capture, folder)
    print(f"{checks} reports of {len(captures)} captures add up as in Python")
    print("\n".join(wrong))
    return bool(wrong)


sys.exit(main())
