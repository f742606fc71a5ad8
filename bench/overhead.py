# SPDX-License-Identifier: MIT
"""What the probe costs the programs it watches, and others: CPU of a round trip, watched to not.

use: overhead.py BUILD [--loadings N] [--strict]      root

Ways to be watched (tests/tools/in_turn.c), by plan N:
  accounting  under the probe as it always is
  calls       traced: the calls level, with this process in its scope
  unrelated   the calls level, with another process in its scope
  tax         the same scope without the calls level, but with empty programs on the same tracepoints:
              what any program there costs every process. Of `unrelated` the quotient to it is the bar
A pass is each of them and none, a fraction of a second each, so that a quotient is of neighbours in time: a machine
that shares its processor is half as fast for some seconds. Every other pass goes back, so that drift cancels out.
Where in memory programs and maps happen to lie moves a quotient by some hundredths for as long as they are loaded, so
they are loaded anew many times, in any order. What is printed is the median of the loadings' medians; of unrelated to
tax, two that are nearly alike, with its 95 % confidence interval.

Beside them, in the same run and to an untraced run next to each: a bpftrace one-liner that only sums bytes,
and strace -e network (few rounds: it is slow), where they are installed. --strict fails when a target is
missed.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# kind, rounds of the program in one run, targets of accounting (plan N) and of the calls level
KINDS = (("tcp1", 20000, 1.12, 1.6), ("udp1", 40000, 1.20, 1.6), ("unix1", 80000, 1.30, 1.6),
         ("tcp64k", 4000, 1.08, 1.6), ("getppid", 1000000, 1.02, None))
UNRELATED = 1.02
WAYS = ("none", "accounting", "calls", "tax", "unrelated")
LOADINGS, PASSES, SHORTER = 20, 6, 4  # SHORTER: what of a run is enough in a pass
OTHERS = 5  # of so many loadings one has the other tools beside it
SLOWER = 100  # strace gets that much less to do
ONE_LINER = ("tracepoint:syscalls:sys_exit_sendto,tracepoint:syscalls:sys_exit_recvfrom "
             "/args->ret > 0/ { @[pid] = sum(args->ret); }")


def not_preempted():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


def cost(calls, kind, n, before=()):
    return float(subprocess.run([*before, calls, kind, str(n)], check=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True, preexec_fn=not_preempted).stdout)


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
        self.process.terminate()
        self.process.wait()


def one_pass(tool, calls, ways):
    """The cost of each kind in each way."""
    costs = {kind: {} for kind, *_ in KINDS}
    for kind, n, *_ in KINDS:
        for way in ways:
            print(way, file=tool.stdin, flush=True)
            if tool.stdout.readline() != "ok\n":
                raise SystemExit("overhead: in_turn stopped")
            costs[kind][way] = cost(calls, kind, n // SHORTER)
    return costs


def median_quotient(passes, kind, way, to):
    return statistics.median(p[kind][way] / p[kind][to] for p in passes)


def loading(build, calls):
    """Of each kind: the quotients of the ways to none, and "beyond", of unrelated to tax."""
    with subprocess.Popen([f"{build}/tests/tools/in_turn", str(os.getpid())], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as tool:
        passes = [one_pass(tool, calls, WAYS[::-1 if n % 2 else 1]) for n in range(PASSES)]
        tool.stdin.close()
    quotients = {}
    for kind, *_ in KINDS:
        quotients[kind] = {way: median_quotient(passes, kind, way, "none") for way in WAYS}
        quotients[kind]["beyond"] = median_quotient(passes, kind, "unrelated", "tax")
        quotients[kind]["ns"] = min(p[kind]["none"] for p in passes)
    return quotients


def others(calls):
    """The same quotients of other tools, as far as they are installed."""
    quotients = {kind: {} for kind, *_ in KINDS}
    for kind, n, *_ in KINDS:
        if shutil.which("bpftrace"):
            with Tracer(["bpftrace", "-e", ONE_LINER], "Attaching"):
                traced = cost(calls, kind, n)
            quotients[kind]["bpftrace"] = traced / cost(calls, kind, n)
        if shutil.which("strace"):
            traced = cost(calls, kind, n // SLOWER, ("strace", "-qq", "-o", "/dev/null", "-e", "trace=network"))
            quotients[kind]["strace"] = traced / cost(calls, kind, n)
    return quotients


def median_between(values):
    """The median, and the order statistics that are its 95 % confidence interval."""
    values = sorted(values)
    n = len(values)
    aside = int(0.98 * n ** 0.5)
    return (values[max(n // 2 - aside, 0)], statistics.median(values), values[min((n - 1) // 2 + aside, n - 1)])


def main():
    a = argparse.ArgumentParser()
    a.add_argument("build")
    a.add_argument("--loadings", type=int, default=LOADINGS)
    a.add_argument("--strict", action="store_true")
    a = a.parse_args()
    if os.geteuid():
        raise SystemExit("overhead: the probe needs root")
    with tempfile.TemporaryDirectory() as where:
        calls = f"{where}/calls"
        subprocess.run(["gcc", "-O2", "-D_GNU_SOURCE", "-o", calls, f"{HERE}/calls.c"], check=True)
        loadings = []
        for n in range(a.loadings):
            loadings.append(loading(a.build, calls))
            if n % OTHERS:
                continue
            for kind, quotients in others(calls).items():
                loadings[-1][kind].update(quotients)
    return report(loadings, a)


def report(loadings, a):
    names = [n for n in (*WAYS[1:], "bpftrace", "strace") if n in loadings[0]["tcp1"]]
    print(f"overhead, plan N, CPU of a round trip to untraced, median of {a.loadings} loadings")
    print("kind".ljust(8), "untraced ns", *(n.rjust(10) for n in names), "unrelated to tax", sep="  ")
    missed = 0
    for kind, _, *bars in KINDS:
        ratio = {n: statistics.median(one[kind][n] for one in loadings if n in one[kind]) for n in names}
        low, beyond, high = median_between(one[kind]["beyond"] for one in loadings)
        missed += beyond > UNRELATED
        missed += sum(bar is not None and ratio[n] > bar for n, bar in zip(WAYS[1:], bars))
        print(kind.ljust(8), f"{min(one[kind]['ns'] for one in loadings):11.0f}",
              *(f"{ratio[n]:10.2f}" for n in names), f"{beyond:.3f} ({low:.3f}-{high:.3f})", sep="  ")
        print("  target".ljust(8), " " * 11, *(f"{bar:10.2f}" if bar else " " * 10 for bar in bars),
              *(" " * 10 for _ in names[2:]), f"{UNRELATED:.3f}", sep="  ")
    return 1 if missed and a.strict else 0


sys.exit(main())
