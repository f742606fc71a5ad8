#!/usr/bin/env python3
"""Time socklens beside its floors and installed peers, interleaved, on workloads made here.

Usage: bench/run.py BUILD [--scale S] [--rounds N] [--only WORKLOAD] [--keep DIRECTORY]
Prints CPU seconds (user + system, median) and ratios to libpcap's null loop of the same run, then what a
record costs in each format. It judges nothing.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
WORKLOADS = ["small", "churn", "elephant", "mix"]
MANY_FLOWS = ["small", "churn"]  # enough for what a flow takes to stand out
# name, what it computes is in README.md; None = not installed
PEERS = [
    ("capinfos -c", ["capinfos", "-c"]),
    ("tcpdump count", ["tcpdump", "-nn", "--count", "-r"]),
    ("softflowd", ["softflowd", "-d", "-m", "10000000", "-r"]),
    ("argus", ["argus", "-w", "/dev/null", "-r"]),
    ("tcptrace", ["tcptrace", "-n"]),
]
# Archives of BUILD, upper rooms first, and the libraries under them; libbpf is left out of some builds.
ROOMS = ["report", "flow", "bpf", "decode", "capture", "base"]
LIBRARIES = ["libpcap", "libpcre2-8", "libxxhash", "libgcrypt", "zlib", "libbpf", "sqlite3"]


def build_exporters(build_dir, where):
    found = [x for x in LIBRARIES if subprocess.run(["pkg-config", "--exists", x]).returncode == 0]
    libs = subprocess.run(["pkg-config", "--libs"] + found, check=True, capture_output=True, text=True).stdout
    archives = [f"{build_dir}/lib{room}.a" for room in ROOMS]
    subprocess.run(["gcc", "-std=gnu11", "-O2", "-D_GNU_SOURCE", f"-I{HERE}/..", "-o", f"{where}/exporters",
                    f"{HERE}/exporters.c"] + archives + libs.split(), check=True)


def build(where):
    for name, libs in (("workload", []), ("null_loop", ["-lpcap"])):
        subprocess.run(["gcc", "-O2", "-o", f"{where}/{name}", f"{HERE}/{name}.c"] + libs, check=True)


def cpu_seconds(command):
    """CPU seconds and peak MiB of one run; None when the peer cannot read the file."""
    p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    return None if p.returncode else (usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def contenders(build_dir, tools):
    rows = [("cat", ["cat"]), ("libpcap null loop", [f"{tools}/null_loop"]),
            ("socklens", [f"{build_dir}/socklens", "report", "-n", "--format", "ndjson", "-r"])]
    return rows + [(n, c) for n, c in PEERS if shutil.which(c[0])]


def measure(rows, path, rounds):
    times, peak = {n: [] for n, _ in rows}, {}
    for _ in range(rounds):
        for name, command in rows:
            got = cpu_seconds(command + [path])
            if got:
                times[name].append(got[0])
                peak[name] = max(peak.get(name, 0), got[1])
    return {n: (statistics.median(t), peak[n]) for n, t in times.items() if t}


def live_flows(build_dir, path):
    """Flows in memory at the end: those that are reported then, which on these workloads are nearly all."""
    command = [f"{build_dir}/socklens", "report", "-n", "--format", "ndjson", "-r", path]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as p:
        return sum(line.startswith(b'{"type":"flow"') for line in p.stdout)


def memory(build_dir, path, mib):
    flows = live_flows(build_dir, path)
    print(f"  memory of socklens: {mib * 2**20 / flows:.0f} bytes a live flow, all of its peak over {flows} flows")


def table(workload, results, size):
    floor = results["libpcap null loop"][0]
    print(f"\n{workload} ({size / 1e6:.0f} MB)")
    print(f"  {'':20} {'CPU s':>8} {'ratio':>8} {'MiB':>8}")
    for name, (seconds, mib) in results.items():
        print(f"  {name:20} {seconds:8.3f} {seconds / floor:8.2f} {mib:8.0f}", flush=True)


def records(where, rounds):
    """Records a second of CPU for each format, medians of interleaved rounds."""
    rates, size = {}, {}
    for _ in range(rounds):
        out = subprocess.run([f"{where}/exporters", "500000"], check=True, capture_output=True, text=True).stdout
        for name, _, rate, bytes_each in map(str.split, out.splitlines()):
            rates.setdefault(name, []).append(float(rate))
            size[name] = int(bytes_each)
    print(f"\nrecords\n  {'':20} {'M/s':>8} {'ns each':>8} {'bytes':>8}")
    for name, values in rates.items():
        rate = statistics.median(values)
        print(f"  {name:20} {rate / 1e6:8.2f} {1e9 / rate:8.0f} {size[name]:8}", flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("build")
    ap.add_argument("--scale", default="0.2")
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--only", choices=WORKLOADS + ["records"])
    ap.add_argument("--keep")
    a = ap.parse_args()
    where = a.keep or tempfile.mkdtemp()
    os.makedirs(where, exist_ok=True)
    try:
        build(where)
        build_exporters(a.build, where)
        for w in [w for w in WORKLOADS if a.only in (None, w)]:
            path = f"{where}/{w}-{a.scale}.pcap"
            if not os.path.exists(path):
                subprocess.run([f"{where}/workload", w, a.scale, path], check=True)
            results = measure(contenders(a.build, where), path, a.rounds)
            table(w, results, os.path.getsize(path))
            if w in MANY_FLOWS:
                memory(a.build, path, results["socklens"][1])
            if not a.keep:
                os.unlink(path)
        if a.only in (None, "records"):
            records(where, a.rounds)
    finally:
        if not a.keep:
            shutil.rmtree(where)


if __name__ == "__main__":
    sys.exit(main())
