# SPDX-License-Identifier: MIT
"""What the probe costs the programs it watches, and others: CPU of a round trip, traced to untraced.

use: overhead.py BUILD [--rounds N] [--plan n|s] [--strict]      root

Each round runs every kind, one after another so that drift hits all alike,
  untraced
  accounting  under the probe as it always is
  calls       traced: the calls level, with this process in its scope
  unrelated   the calls level, with another process in its scope
  tax         the same scope without the calls level, but with empty programs on the same tracepoints:
              what any program there costs every process. Of `unrelated` the quotient to it is the bar: of
              each round's four runs, tax, unrelated, unrelated, tax, so that drift cancels out
and under a bpftrace one-liner that only sums bytes; once under strace (-e network, few rounds: it is slow).
The ratio is that of the lowest costs, since whatever disturbs a run only adds; of unrelated to tax, two
that are nearly alike, it is the median of the rounds, between their quartiles. --strict fails when a target is
missed.
"""
import argparse
import contextlib
import os
import shutil
import signal
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
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def tracers(build, plan):
    """What runs beside the measured program, by name, in order. The process 1 is somebody else."""
    probe = [f"{build}/tests/tools/probe_dump", "-q", "-a", "-p", plan]
    empty = [f"{build}/tests/tools/empty_calls"]
    unrelated = "unrelated", [Tracer([*probe, "-c", "-k", "1"], "# ready")]
    tax = "tax", [Tracer([*probe, "-k", "1"], "# ready"), Tracer(empty, "# ready")]
    yield "accounting", [Tracer(probe, "# ready")]
    yield "calls", [Tracer([*probe, "-c", "-k", str(os.getpid())], "# ready")]
    yield from (tax, unrelated, unrelated, tax)
    if shutil.which("bpftrace"):
        yield "bpftrace", [Tracer(["bpftrace", "-e", ONE_LINER], "Attaching")]


def quartiles_beyond(unrelated, tax):
    """Of a round's pairs."""
    pairs = [(sum(unrelated[i:i + 2]) / sum(tax[i:i + 2])) for i in range(0, len(tax), 2)]
    return statistics.quantiles(pairs, n=4) if len(pairs) > 1 else pairs * 3


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
        results = {kind: {"untraced": []} for kind, *_ in KINDS}
        for _ in range(a.rounds):
            for kind, n, *_ in KINDS:
                results[kind]["untraced"].append(cost(calls, kind, n))
            for name, beside in tracers(a.build, a.plan):
                with contextlib.ExitStack() as stack:
                    for tracer in beside:
                        stack.enter_context(tracer)
                    for kind, n, *_ in KINDS:
                        results[kind].setdefault(name, []).append(cost(calls, kind, n))
        if shutil.which("strace"):
            for kind, n, *_ in KINDS:
                results[kind]["strace"] = [cost(calls, kind, n // SLOWER, (
                    "strace", "-qq", "-o", "/dev/null", "-e", "trace=network"))]
    return report(results, a)


def report(results, a):
    names = [n for n in ("accounting", "calls", "unrelated", "tax", "bpftrace", "strace") if n in results["tcp1"]]
    print(f"overhead, plan {a.plan.upper()}, CPU of a round trip to untraced, lowest of {a.rounds}")
    print("kind".ljust(8), "untraced ns", *(n.rjust(10) for n in names), "unrelated/tax", sep="  ")
    missed = 0
    for kind, _, accounting, traced in KINDS:
        base = min(results[kind]["untraced"])
        ratio = {n: min(results[kind][n]) / base for n in names}
        low, beyond, high = quartiles_beyond(results[kind]["unrelated"], results[kind]["tax"])
        missed += (ratio["accounting"] > accounting) + (traced is not None and ratio["calls"] > traced)
        missed += beyond > UNRELATED
        print(kind.ljust(8), f"{base:11.0f}", *(f"{ratio[n]:10.2f}" for n in names),
              f"{beyond:.3f} ({low:.3f}-{high:.3f})", sep="  ")
        print("  target".ljust(8), " " * 11, f"{accounting:10.2f}", f"{traced or 0:10.2f}", " " * 10, " " * 10,
              *(" " * 10 for _ in names[4:]), f"{UNRELATED:13.3f}", sep="  ")
    return 1 if missed and a.strict else 0


sys.exit(main())
