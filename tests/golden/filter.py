"""Filters against rows chosen by Python from the CSV report of the same capture.

Usage: filter.py SOCKLENS CAPTURE...    Prints one line and ends with 1 when any differs.
"""
import csv
import ipaddress
import re
import subprocess
import sys


def number(row, name):
    return int(row[name]) if row[name] else None


def total(row, name):
    known = [v for v in (number(row, "src_" + name), number(row, "dst_" + name)) if v is not None]
    return sum(known) if known else None


def ports(row):
    return {row["src_port"], row["dst_port"]}


def inside(row, net):
    return any(ipaddress.ip_address(row[e]) in ipaddress.ip_network(net) for e in ("src_ip", "dst_ip"))


def names(row):
    keys = ("src_name", "dst_name", "names_sni", "names_host", "names_dns")
    return [n.lower() for k in keys for n in row[k].split(" ") if n]


def rtt(row):
    v = number(row, "rtt_ns_avg")
    return number(row, "rtt_ns_handshake") if v is None else v


def above(v, bound):
    return v is not None and v > bound


CASES = {
    "proto = tcp": lambda r: r["proto"] == "tcp",
    "not tcp and not udp": lambda r: r["proto"] not in ("tcp", "udp") and r["app"] not in ("tcp", "udp")
    and not any("tcp" in t or "udp" in t for t in names(r)),
    "port in 53,80,443": lambda r: bool(ports(r) & {"53", "80", "443"}),
    "port = 443 or port = 80": lambda r: bool(ports(r) & {"80", "443"}),
    "port != 53": lambda r: any(ports(r)) and "53" not in ports(r),
    "port not in 1..1023": lambda r: any(ports(r)) and all(not p or int(p) > 1023 for p in ports(r)),
    "dst.port < 1024": lambda r: r["dst_port"] != "" and int(r["dst_port"]) < 1024,
    "bytes > 10kB": lambda r: above(total(r, "bytes"), 10000),
    "bytes <= 10kB": lambda r: total(r, "bytes") is not None and total(r, "bytes") <= 10000,
    "retx > 0": lambda r: above(total(r, "tcp_retransmission"), 0),
    "rtt > 50ms": lambda r: above(rtt(r), 50000000),
    "not rtt > 50ms": lambda r: not above(rtt(r), 50000000),
    "duration_ns >= 1s": lambda r: above(number(r, "duration_ns"), 999999999),
    "has sni": lambda r: r["names_sni"] != "",
    "ip in 10.0.0.0/8,192.168.0.0/16": lambda r: inside(r, "10.0.0.0/8") or inside(r, "192.168.0.0/16"),
    "ip in fe80::/10": lambda r: inside(r, "fe80::/10"),
    "state in (SF, S0, REJ)": lambda r: r["state"] in ("SF", "S0", "REJ"),
    "history ~ (?-i)R": lambda r: "R" in r["history"],
    "dns ~ \\.com$": lambda r: any(re.search(r"\.com$", n, re.I) for n in r["names_dns"].split(" ") if n),
    "name ~ google": lambda r: any("google" in n for n in names(r)),
    "status >= 300": lambda r: r["http_status"].isdigit() and int(r["http_status"]) >= 300,
    "start < 2015-01-01": lambda r: number(r, "start_ns") < 1420070400 * 10**9,
    "app = dns and (udp or ip_version = 6)": lambda r: r["app"] == "dns"
    and (r["proto"] == "udp" or r["ip_version"] == "6"),
}


def report(socklens, capture, *options):
    out = subprocess.run([socklens, "report", "-n", "-r", capture, "--format", "csv", "--csv-raw", *options],
                         capture_output=True, text=True, check=False)
    if out.returncode not in (0, 3):
        sys.exit(f"{capture} {options}: {out.stderr}")
    return list(csv.DictReader(out.stdout.splitlines()))


def main():
    socklens, captures = sys.argv[1], sys.argv[2:]
    kept = compared = 0
    hit = set()
    wrong = []
    for capture in captures:
        rows = report(socklens, capture)
        for expression, wanted in CASES.items():
            ours = [r["id"] for r in report(socklens, capture, "--filter", expression)]
            theirs = [r["id"] for r in rows if wanted(r)]
            compared += len(rows)
            kept += len(theirs)
            if 0 < len(theirs) < len(rows):
                hit.add(expression)
            if ours != theirs:
                wrong.append(f"{capture}: {expression}: {len(ours)} rows, Python chose {len(theirs)}")
    print(f"{len(CASES)} filters on {len(captures)} captures: {kept} of {compared} rows kept, as Python does")
    print("\n".join(wrong))
    if len(hit) < len(CASES) - 3:
        print("never tell rows apart:", sorted(set(CASES) - hit))
        return 1
    return bool(wrong)


sys.exit(main())
