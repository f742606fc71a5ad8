#!/usr/bin/env python3
"""Time the dashboard: its start, a key until it is painted, and what it costs while it is only looked at.

Usage: bench/screen.py BUILD [--flows N,N,...] [--keys N] [--strict]
It runs on a terminal of 200x60 made here. Start and keys are of a capture with so many flows; the cost is live, in a
network namespace, for which it takes root. --strict fails on a missed target.
"""
import argparse
import os
import pty
import select
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from fcntl import ioctl

HERE = os.path.dirname(os.path.abspath(__file__))
FLOWS_PER_SCALE = 2_500_000  # of the workload "churn"
START_MS, KEY_MS, IDLE_PERCENT = 100, 30, 3
KEYS = [("one line down", b"j"), ("one page down", b"\x06"), ("the end", b"G"), ("sorted by another column", b"s"),
        ("turned round", b"r"), ("another view", b"6"), ("and back", b"1"), ("a filter, a letter", b"/4\x1b")]
NETNS = f"socklens-screen-{os.getpid()}"


class Screen:
    """A program on a terminal of its own."""

    def __init__(self, command):
        self.began = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_CONFIG_HOME="/nonexistent")
            os.execvp(command[0], command)
        self.seen = b""

    def read(self, seconds):
        """What comes within this time, or b'' when nothing does."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.fd, 1 << 20)
        except OSError:
            sys.exit("bench/screen.py: the dashboard has ended:\n" + self.seen[-2000:].decode(errors="replace"))
        self.seen = (self.seen + data)[-(1 << 20):]
        return data

    def wait_for(self, text, seconds=120):
        until = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > until:
                sys.exit(f"bench/screen.py: {text!r} was not shown:\n" + self.seen[-2000:].decode(errors="replace"))
            self.read(0.5)

    def settle(self, quiet=0.3):
        while self.read(quiet):
            pass

    def key_ms(self, keys, quiet):
        """From the last of these keys to the first bytes on the screen, and to the last ones: then all rows are there.
        Escape at the end only undoes. None when the screen does not change."""
        ms = None
        for key in keys:
            self.settle(quiet)
            began = time.monotonic()
            os.write(self.fd, bytes([key]))
            first = last = None
            while self.read(quiet):
                last = (time.monotonic() - began) * 1000
                first = first or last
            if key != 0x1b:
                ms = first and (first, last)
        return ms

    def cpu_seconds(self):
        with open(f"/proc/{self.pid}/stat") as f:
            fields = f.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mib(self):
        with open(f"/proc/{self.pid}/statm") as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1048576

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + 20
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0 and time.monotonic() < until:
            try:
                self.seen += os.read(self.fd, 1 << 20) if select.select([self.fd], [], [], 0.1)[0] else b""
            except OSError:
                time.sleep(0.05)
        os.close(self.fd)


def start_ms(command, rounds):
    times = []
    for _ in range(rounds):
        s = Screen(command)
        s.wait_for(b"Flows")
        times.append((time.monotonic() - s.began) * 1000)
        s.end()
    return statistics.median(times)


# --- saved captures --------------------------------------------------------------------------------

def captures(where, counts):
    subprocess.run(["gcc", "-O2", "-o", f"{where}/workload", f"{HERE}/workload.c"], check=True)
    for n in counts:
        subprocess.run([f"{where}/workload", "churn", str(n / FLOWS_PER_SCALE), f"{where}/{n}.pcap"], check=True)


def key_times(socklens, where, n, rounds):
    """Milliseconds of every key: (name, median, worst, median until all rows are there). One after the other, so that
    each of them changes something every time."""
    s = Screen([socklens, "-r", f"{where}/{n}.pcap"])
    s.wait_for(b"end of file")
    times = {name: [] for name, _ in KEYS}
    for _ in range(rounds):
        for name, key in KEYS:
            ms = s.key_ms(key, 0.3 if n <= 100_000 else 2)
            times[name] += [ms] if ms else []
    s.end()
    return [(name, statistics.median(f for f, _ in t), max(f for f, _ in t), statistics.median(l for _, l in t))
            for name, t in times.items() if t]


# --- live ------------------------------------------------------------------------------------------

def in_netns(*command):
    return ["ip", "netns", "exec", NETNS, *command]


def make_netns():
    subprocess.run(["ip", "netns", "add", NETNS], check=True)
    for line in ("link add d0 type veth peer d1", "addr add 10.9.0.1/8 dev d0", "link set d0 arp off up", "link set d1 up"):
        subprocess.run(in_netns("ip", *line.split()), check=True)


def send_flows(n):
    """Datagrams to so many ports of addresses that nobody has; run inside the namespace."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("10.9.0.1", 5000))
    for i in range(n):
        s.sendto(b"x", (f"10.10.{i // 50000}.1", 1024 + i % 50000))
        if i % 500 == 499:
            time.sleep(0.005)  # some 50,000 a second


def live_cost(socklens, n, seconds=10):
    """CPU of one core in percent while nothing comes and while some does, and memory, with n flows."""
    s = Screen(in_netns(socklens, "live", "-i", "d0"))
    s.wait_for(b"Flows")
    s.settle()
    subprocess.run(in_netns(sys.executable, os.path.abspath(__file__), "-", "--send", str(n)), check=True)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        s.read(0.5)
    before, began = s.cpu_seconds(), time.monotonic()
    while time.monotonic() < began + seconds:
        s.read(0.5)
    cost = (s.cpu_seconds() - before) / (time.monotonic() - began) * 100
    keys = [t for t in (live_key_ms(s, k) for k in (b"j", b"\x06", b"j", b"s", b"r", b"s") * 3) if t is not None]
    memory = s.memory_mib()
    s.end()
    return cost, statistics.median(keys), max(keys), memory


def live_key_ms(s, key):
    """A live screen never settles: right after a paint, the next one is the key's own."""
    s.read(0.4)
    s.settle(0.02)
    began = time.monotonic()
    os.write(s.fd, key)
    return (time.monotonic() - began) * 1000 if s.read(5) else None


# ---------------------------------------------------------------------------------------------------

def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--flows", default="1000,100000,1000000")
    p.add_argument("--keys", type=int, default=9)
    p.add_argument("--strict", action="store_true")
    p.add_argument("--send", type=int, help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.send:
        return send_flows(a.send)
    counts, socklens, missed = [int(n) for n in a.flows.split(",")], f"{a.build}/socklens", []
    where = tempfile.mkdtemp()
    try:
        os.chmod(where, 0o755)  # read as another user, when it begins as root
        captures(where, counts)
        print(f"| capture | first screen ms (target {START_MS}) | key | ms (target {KEY_MS} up to 100,000 flows) | worst | until all rows are there |")
        print("|---|---|---|---|---|---|")
        for n in counts:
            first = start_ms([socklens, "-r", f"{where}/{n}.pcap"], 5)
            missed += [f"start with {n} flows"] if first > START_MS else []
            for i, (name, median, worst, rows) in enumerate(key_times(socklens, where, n, a.keys)):
                print(f"| {f'{n:,} flows' if not i else ''} | {f'{first:.0f}' if not i else ''} | {name} | {median:.1f} | {worst:.0f} | {rows:.0f} |",
                      flush=True)
                missed += [f"{name} with {n} flows"] if n <= 100_000 and median > KEY_MS else []
        if os.geteuid() == 0:
            make_netns()
            print(f"\n| live, looked at | CPU of a core, idle (target {IDLE_PERCENT} % of 1,000) | key ms | worst | MiB |\n|---|---|---|---|---|")
            for n in counts:
                cost, median, worst, memory = live_cost(socklens, n)
                print(f"| {n:,} flows | {cost:.1f} % | {median:.1f} | {worst:.0f} | {memory:.0f} |", flush=True)
                missed += ["the cost of looking at 1,000 flows"] if n == 1000 and cost > IDLE_PERCENT else []
        else:
            print("\nwhat it costs live takes root")
    finally:
        shutil.rmtree(where)
        if os.geteuid() == 0:
            subprocess.run(["ip", "netns", "del", NETNS], stderr=subprocess.DEVNULL)
    for m in missed:
        print(f"missed: {m}")
    return 1 if missed and a.strict else 0


if __name__ == "__main__":
    sys.exit(main())
