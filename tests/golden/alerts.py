"""Alerts on a capture made here: a refused port by one process, a round trip above a bound, too many at once.

Usage: alerts.py SOCKLENS FOLDER    Prints one line and ends with 1 when what is told is not what was planted.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import mksamples as m  # noqa: E402

wrong = []


def refused(frames, process, port, start_ms):
    c = m.Conversation(frames, ("192.0.2.10", port), ("198.51.100.2", 81), start_ms, (f"pid=7 comm={process}", None))
    c.send(0, m.SYN)
    c.send(1, m.RST | m.ACK, after_ms=1)


def exchange(frames, port, start_ms, rtt_ms):
    c = m.Conversation(frames, ("192.0.2.10", port), ("198.51.100.3", 443), start_ms, ("pid=8 comm=nginx", None))
    c.open(rtt_ms=rtt_ms)
    c.send(0, m.PSH | m.ACK, b"q" * 10)
    c.send(1, m.PSH | m.ACK, b"r" * 10, after_ms=rtt_ms)
    c.close()


def write(path):
    frames = []
    refused(frames, "curl", 40000, 0)
    refused(frames, "wget", 40001, 10)
    for i in range(200):
        refused(frames, "scanner", 41000 + i, 20 + i * 0.1)
    exchange(frames, 42000, 100, 20)
    exchange(frames, 42001, 200, 80)
    with open(path, "wb") as f:
        f.write(m.pcapng(sorted(frames, key=lambda x: x[0])))


def report(socklens, capture, *options, code=0):
    out = subprocess.run([socklens, "report", "-n", capture, "--format", "ndjson", *options], capture_output=True,
                         text=True, check=False)
    if out.returncode != code:
        wrong.append(f"{options}: exit code {out.returncode}: {out.stderr}")
    return out.stdout, out.stderr.splitlines()


def expect(what, ours, theirs):
    if ours != theirs:
        wrong.append(f"{what}: {ours}, not {theirs}")


def main():
    socklens, folder = sys.argv[1:]
    capture = os.path.join(folder, "a.pcapng")
    write(capture)
    plain, _ = report(socklens, capture)

    out, said = report(socklens, capture, "--when", "process = curl and state = REJ", "--when", "rtt > 50ms", "--do", "print")
    expect("the report beside", out, plain)
    expect("print", sorted(said), [
        "socklens: alert: process = curl and state = REJ: curl/7 192.0.2.10:40000 > 198.51.100.2:81 tcp REJ, refused",
        "socklens: alert: rtt > 50ms: nginx/8 192.0.2.10:42001 > 198.51.100.3:443 tcp SF"])

    _, said = report(socklens, capture, "--when", "rtt > 50ms", "--do", "json")
    alerts = [json.loads(line) for line in said]
    expect("json", [(a["type"], a["when"], a["flow"]["src"]["port"]) for a in alerts], [("alert", "rtt > 50ms", 42001)])
    expect("its flow is the report's", [a["flow"] for a in alerts],
           [f for f in map(json.loads, plain.splitlines()) if f.get("src", {}).get("port") == 42001])

    _, said = report(socklens, capture, "--when", "process = scanner")
    told = [line for line in said if "> 198.51.100.2:81" in line]
    rest = [line for line in said if "more were too many at once" in line]
    if not 20 <= len(told) <= 24 or len(rest) != 1 or f" {len(told)} told, {200 - len(told)} more" not in rest[0]:
        wrong.append(f"too many: {len(told)} told, {rest}")

    kept = os.path.join(folder, "kept.pcapng")
    report(socklens, capture, "--when", "process = curl", "--do", "record", "--when", "rtt > 50ms", "--do", "record",
           "--record-to", kept)
    shown = subprocess.run(["tshark", "-r", kept, "-T", "fields", "-e", "tcp.srcport", "-e", "frame.comment"], text=True,
                           capture_output=True, check=True).stdout.splitlines()
    expect("frames of curl", [s for s in shown if s.startswith(("40000", "81"))], ["40000\tpid=7 comm=curl", "81\t"])
    expect("frames recorded", len(shown), 2 + 8)
    again = [json.loads(line) for line in report(socklens, kept)[0].splitlines()]
    expect("flows of them", [(f["src"]["port"], f["src"]["process"]["name"], f["state"]) for f in again if f["type"] == "flow"],
           [(40000, "curl", "REJ"), (42001, "nginx", "SF")])
    report(socklens, capture, "--when", "tcp", "--do", "record", "--record-to", kept, code=1)  # is not replaced

    for options in (["--when", "rtt >"], ["--do", "print"], ["--when", "tcp", "--do", "shout"],
                    ["--when", "tcp", "--do", "record"], ["--when", "tcp", "--do", "record", "--record-to", kept, "--jobs", "2"]):
        report(socklens, capture, *options, code=2)
    print("alerts tell the refused port of one process and the slow round trip, count the rest and record frames")
    print("\n".join(wrong))
    return bool(wrong)


sys.exit(main())
