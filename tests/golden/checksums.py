# SPDX-License-Identifier: MIT
"""Bad checksums of a capture, counted by tshark and by socklens: checksums.py SOCKLENS CAPTURE.

tshark knows neither a header captured before the network card filled in the checksums nor a frame
that is yet to be cut into segments, so these are taken from its bad ones here, by RFC 1071.
"""
import ipaddress
import json
import os
import subprocess
import sys

VERIFY = ["ip", "tcp", "udp"]  # tshark has no choice for ICMP
TRANSPORTS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}
FIELDS = ["frame.number", "frame.protocols", "ip.src", "ip.dst", "ip.len", "ip.hdr_len", "ip.checksum",
          "ip.checksum.status", "ipv6.src", "ipv6.dst", "ipv6.plen", "udp.length"] + [
          name + field for name in TRANSPORTS for field in (".checksum", ".checksum.status")]
MTU_MAX = 9216
JUMBO = 1 << 16 # a payload length of zero
BAD = "0"


def fold(data):
    total = sum(int.from_bytes(data[i:i + 2], "big") for i in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def transport_of(frame):
    """The innermost transport, and how many of its kind there are up to it; ICMP quotes do not count."""
    found, count = None, {}
    for name in frame["frame.protocols"][0].split(":"):
        if name in TRANSPORTS:
            found = name
            count[name] = count.get(name, 0) + 1
        if name.startswith("icmp"):
            break
    return found, count.get(found, 0) - 1


def inner(frame):
    """Of the IP header that carries the transport: version, addresses and length of what follows."""
    names = [n for n in frame["frame.protocols"][0].split(":") if n in ("ip", "ipv6") or n.startswith("icmp")]
    before = []
    for name in names:
        if name.startswith("icmp"):
            break
        before.append(name)
    version, at = before[-1], before.count(before[-1]) - 1
    addresses = b"".join(ipaddress.ip_address(frame[version + end][at]).packed for end in (".src", ".dst"))
    if version == "ipv6":
        return addresses, int(frame["ipv6.plen"][at]) or JUMBO, False
    length = int(frame["ip.len"][at]) - int(frame["ip.hdr_len"][at])
    unfilled = int(frame["ip.checksum"][at], 16) == 0 and frame["ip.checksum.status"][at] == BAD
    return addresses, length, unfilled


def is_bad(frame):
    name, at = transport_of(frame)
    if not name or len(frame[name + ".checksum.status"]) <= at or frame[name + ".checksum.status"][at] != BAD:
        return False
    addresses, length, unfilled = inner(frame)
    if unfilled or length > MTU_MAX:
        return False
    if name == "icmp":
        return True
    if name == "udp":
        length = int(frame["udp.length"][at])
    left = {fold(addresses + bytes([0, TRANSPORTS[name]]) + n.to_bytes(4, "big")) for n in (0, length)}
    return int(frame[name + ".checksum"][at], 16) not in left


def frames(capture):
    command = ["tshark", "-n", "-r", capture, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,"]
    for protocol in VERIFY:
        command += ["-o", protocol + ".check_checksum:TRUE"]
    for protocol in ("ip", "ipv6"):
        command += ["-o", protocol + ".defragment:FALSE"]
    for field in FIELDS:
        command += ["-e", field]
    out = subprocess.run(command, capture_output=True, text=True).stdout
    for line in out.splitlines():
        yield dict(zip(FIELDS, ([v for v in cell.split(",") if v] for cell in line.split("\t"))))


def tshark_counts(capture):
    headers = transports = 0
    for frame in frames(capture):
        headers += any(status == BAD and int(value, 16)
                       for status, value in zip(frame["ip.checksum.status"], frame["ip.checksum"]))
        bad = is_bad(frame)
        transports += bad
        if bad and "-v" in sys.argv:
            print(frame)
    return headers, transports


def own_counts(socklens, capture):
    command = [socklens, "report", "-n", "--checksums", "--format", "ndjson", "-r", capture]
    out = subprocess.run(command, capture_output=True, text=True).stdout
    anomalies = json.loads(out.splitlines()[-1])["anomalies"]
    return anomalies["ip_checksum"], anomalies["l4_checksum"]


want, got = tshark_counts(sys.argv[2]), own_counts(sys.argv[1], sys.argv[2])
print(f"{os.path.basename(sys.argv[2])}: headers {got[0]} of {want[0]}, transports {got[1]} of {want[1]}")
sys.exit(want != got)
