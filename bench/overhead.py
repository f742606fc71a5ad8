# SPDX-License-Identifier: MIT
"""What accounting costs the programs it watches: CPU of a round trip, traced to untraced.

use: overhead.py BUILD [--rounds N] [--plan n|s] [--strict]      root

Each round runs every kind untraced, under the probe, under strace (-e network, few rounds: it is slow)
and under a bpftrace one-liner that only sums bytes, one after another, so that drift hits all alike.
The ratio is that of the lowest costs, since whatever disturbs a run only adds; --strict fails when a
target is missed.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# kind, rounds of the program in one run, target of plan N
KINDS = (("tcp1", 40000, 1.12), ("udp1", 60000, 1.20), ("unix1", 150000, 1.30), ("tcp64k", 4000, 1.08),
         ("getppid", 3000000, 1.02))
SLOWER = 100  # strace gets that much less to do
ONE_LINER = ("tracepoint:syscalls:sys_exit_sendto,tracepoint:syscalls:sys_exit_recvfrom "
             "/args->ret > 0/ { @[pid] = sum(args->ret); }")


def cost(calls, kind, n, before=()):
    return float(subprocess.run([*before, calls, kind, str(n)], check=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True).stdout)


class Tracer:
    """A program beside the measured one; it is ready when `sign` is in what it prints."""

    def __init__(self, command, sign):
        self.command, self.sign = command, sign

    def __enter__(self):
        self.out = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(self.command, stdout=self.out, stderr=subprocess.STDOUT)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            self.out.seek(0)
            if self.sign in self.out.read():
                return self
            time.sleep(0.05)
        raise SystemExit(f"{self.command[0]} did not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def tracers(build, plan):
    probe = [f"{build}/tests/tools/probe_dump", "-a", "-p", plan]
    found = {"accounting": Tracer(probe, "# ready")}
    if shutil.which("bpftrace"):
        found["bpftrace"] = Tracer(["bpftrace", "-e", ONE_LINER], "Attaching")
    return found


def main():
    a = argparse.ArgumentParser()
    a.add_argument("build")
    a.add_argument("--rounds", type=int, default=7)
    a.add_argument("--plan", default="n")
    a.add_argument("--strict", action="store_true")
    a = a.parse_args()
    if os.geteuid():
        raise SystemExit("overhead: the probe needs root")
    with tempfile.TemporaryDirectory() as where:
        calls = f"{where}/calls"
        subprocess.run(["gcc", "-O2", "-D_GNU_SOURCE", "-o", calls, f"{HERE}/calls.c"], check=True)
        results = {kind: {"untraced": []} for kind, _, _ in KINDS}
        for _ in range(a.rounds):
            for kind, n, _ in KINDS:
                results[kind]["untraced"].append(cost(calls, kind, n))
            for name, tracer in tracers(a.build, a.plan).items():
                with tracer:
                    for kind, n, _ in KINDS:
                        results[kind].setdefault(name, []).append(cost(calls, kind, n))
        if shutil.which("strace"):
            for kind, n, _ in KINDS:
                results[kind]["strace"] = [cost(calls, kind, n // SLOWER, (
                    "strace", "-qq", "-o", "/dev/null", "-e", "trace=network"))]
    return report(results, a)


def report(results, a):
    names = [n for n in ("accounting", "bpftrace", "strace") if n in results["tcp1"]]
    print(f"overhead, plan {a.plan.upper()}, CPU of a round trip, lowest of {a.rounds}")
    print("kind".ljust(10), "untraced ns".rjust(12), *(n.rjust(12) for n in names), "target".rjust(8))
    missed = 0
    for kind, _, target in KINDS:
        base = min(results[kind]["untraced"])
        ratios = [min(results[kind][n]) / base for n in names]
        missed += ratios[0] > target
        print(kind.ljust(10), f"{base:12.0f}", *(f"{r:12.2f}" for r in ratios), f"{target:8.2f}")
    return 1 if missed and a.strict else 0


sys.exit(main())
