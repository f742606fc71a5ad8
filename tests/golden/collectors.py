"""IPFIX to real readers: nfcapd's totals and tshark's against the CSV report of the same capture.

Usage: collectors.py SOCKLENS CAPTURE...    Prints one line and ends with 1 when any differs.
"""
import csv
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time


def report(socklens, capture, fmt):
    out = subprocess.run([socklens, "report", "-n", "-r", capture, "--format", fmt], capture_output=True, check=False)
    return out.stdout


def messages(data):
    while data:
        n = int.from_bytes(data[2:4], "big")
        yield data[:n]
        data = data[n:]


def totals_of_csv(socklens, capture):
    rows = list(csv.DictReader(report(socklens, capture, "csv").decode().splitlines()))
    return [len(rows)] + [sum(int(r[c] or 0) for r in rows)
                          for c in ("src_packets", "src_ip_bytes", "dst_packets", "dst_ip_bytes")]


def totals_of_nfcapd(data, folder):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    collector = subprocess.Popen(["nfcapd", "-b", "127.0.0.1", "-p", str(port), "-w", folder, "-t", "3600"],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    time.sleep(0.7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for m in messages(data):
            s.sendto(m, ("127.0.0.1", port))
            time.sleep(0.001)
    time.sleep(0.7)
    collector.send_signal(signal.SIGTERM)
    collector.wait(20)
    file = os.path.join(folder, sorted(f for f in os.listdir(folder) if f.startswith("nfcapd."))[0])
    out = subprocess.run(["nfdump", "-r", file, "-q", "-o", "fmt:%ipkt,%ibyt,%opkt,%obyt", "-N"], capture_output=True,
                         text=True, check=True).stdout
    rows = [[int(v) for v in line.split(",")] for line in out.splitlines() if line.count(",") == 3]
    return [len(rows)] + [sum(r[i] for r in rows) for i in range(4)]


def main():
    socklens, captures = sys.argv[1], sys.argv[2:]
    wrong, flows = [], 0
    for capture in captures:
        ours = totals_of_csv(socklens, capture)
        flows += ours[0]
        with tempfile.TemporaryDirectory() as folder:
            theirs = totals_of_nfcapd(report(socklens, capture, "ipfix"), folder)
        if ours != theirs:
            wrong.append(f"{capture}: flows, packets, bytes, reverse: {ours}, nfcapd has {theirs}")
    print(f"nfcapd has the {flows} flows of {len(captures)} captures, to the byte")
    print("\n".join(wrong))
    return bool(wrong)


sys.exit(main())
