#!/usr/bin/env python3
"""The same traffic in another shape gives the same sums a tuple. Usage: metamorphic.py SOCKLENS. TAP.

A relation writes each capture anew (tests/tools/reshape.py) and says which numbers must not move.
"""
import concurrent.futures
import glob
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import flows  # noqa: E402
import reshape  # noqa: E402

CAPTURES = """zeek__wikipedia.pcap zeek__http_http-post-large.pcap zeek__tunnels_geneve.pcap
    arkime__wireshark-retrans.pcap tcptrace__first_seg_ooo.dmp tcptrace__bad_tcp_checksum.dmp ndpi__rtp.pcapng ndpi__sctp.cap
    ndpi__4in4tunnel.pcap arkime__smb-smbclient.pcap pcapplusplus__ex_ipv6-frag.pcap zeek__pcapng-multi-interface.pcapng
    zeek__tcp_timeout-with-pings.pcap zeek__ntp_misordered-ntp.pcap suricata__tcp-rst-unacked-stream-07-http_input.pcap
    zeek__q-in-q.pcap zeek__tls_openjdk-25.0.2-zeek.org.pcap zeek__quic_curl-8.1.2-dev-http3-www-google-de.pcap
    ndpi__long_tls_certificate.pcap arkime__http2-nghttp2.pcap""".split()
TCP = tuple("tcp." + n for n in """retransmission fast_retransmission spurious_retransmission out_of_order duplicate_ack
    lost_segment ack_lost_segment zero_window zero_window_probe zero_window_probe_ack window_full window_update keep_alive
    keep_alive_ack missing_bytes""".split())
SUMS = ("packets", "ip_bytes", "payload_bytes", "fragments") + TCP
VERDICTS = ("state", "history", "delivery")  # of each flow, not of a direction
READ = ("names", "app")  # from the payload
INSIDE = SUMS + VERDICTS + READ  # what an outer header leaves alone
ALL = ("bytes",) + INSIDE
CUT = ("bytes",) + SUMS + VERDICTS
# A segment in pieces is more packets, and what TCP makes of it may wait for the last one.
WHOLE = ("payload_bytes", "state") + READ
# A tunnel's own packet in pieces is charged to its outer ends: nobody sees the inner header in the later ones.
TUNNELLED = ("zeek__tunnels_geneve.pcap", "ndpi__4in4tunnel.pcap")
# The tunnel that reshape.py adds: it carries frames without an IP packet inside, and then it is the flow itself.
OUTER = ("udp", ("192.0.2.1", 50000), ("192.0.2.2", 4789))


def captures():
    found = sorted(glob.glob("samples/*.pcap*"))
    return found + [p for p in (os.path.join(flows.CORPUS, n) for n in CAPTURES) if os.path.exists(p)]


def values(objects, fields):
    """{tuple: (what its flows say as a whole, numbers of one direction, of the other)}."""
    whole = {}
    for o in flows.flows(objects):
        key = (o["proto"], *sorted((flows.end(o["src"]), flows.end(o["dst"])), key=str))
        said = {f: o.get(f) for f in VERDICTS + READ if f in fields}
        whole.setdefault(key, []).append(json.dumps(said, sort_keys=True))
    return {key: (sorted(whole[key]), *({f: side[f] for f in fields if f not in VERDICTS + READ} for side in sides))
            for key, sides in flows.tuple_sums(objects).items()}


# --- relations: each takes frames and gives the files to read in order, or None if it cannot say the same ---

def container(name):
    exact_us = name in ("pcap", "pcap-swapped")

    def write(frames):
        if len({f.link for f in frames}) > 1 and not name.startswith("pcapng"):
            return None
        if exact_us and any(f.ns % 1000 for f in frames):
            return None
        return [reshape.CONTAINERS[name](frames)]
    return write


def changed(*steps):
    def write(frames):
        for name, value in steps:
            frames = reshape.apply(frames, name, value)
        return [reshape.pcapng(frames)]
    return write


def in_files(count):
    def write(frames):
        size = -(-len(frames) // count)
        return [reshape.pcapng(frames[at:at + size]) for at in range(0, len(frames), size)]
    return write


def gzipped(frames):
    data = reshape.pcapng(frames)
    half = len(data) // 2
    return [gzip.compress(data[:half]) + gzip.compress(data[half:])]  # two members are one file (RFC 1952)


def packed_by(*command):
    """In two frames, by the format's own program; None where that is missing, or this build cannot read it."""
    def write(frames):
        if command[0] not in readable() or not shutil.which(command[0]):
            return None
        data = reshape.pcapng(frames)
        half = len(data) // 2
        return [b"".join(subprocess.run(command, input=part, stdout=subprocess.PIPE, check=True).stdout
                         for part in (data[:half], data[half:]))]
    return write


def readable():
    return subprocess.run([sys.argv[1], "--version"], stdout=subprocess.PIPE, text=True).stdout


RELATIONS = {
    "pcap": (container("pcap"), ALL),
    "pcap of the other byte order": (container("pcap-swapped"), ALL),
    "pcap in nanoseconds": (container("pcap-ns"), ALL),
    "pcap in nanoseconds of the other byte order": (container("pcap-ns-swapped"), ALL),
    "pcapng": (container("pcapng"), ALL),
    "pcapng of the other byte order": (container("pcapng-swapped"), ALL),
    "gzip": (gzipped, ALL),
    "zstd": (packed_by("zstd", "-qc"), ALL),
    "lz4": (packed_by("lz4", "-qc"), ALL),
    "in 2 files": (in_files(2), ALL),
    "in 7 files": (in_files(7), ALL),
    "standard input in small pieces": (container("pcapng"), ALL),
    "cut to 96 bytes": (changed(("snap", 96)), CUT),
    "with a VLAN tag": (changed(("vlan", 5)), INSIDE),
    "with two VLAN tags": (changed(("vlan", 5), ("vlan", 6)), INSIDE),
    "in VXLAN": (changed(("vxlan", 77)), INSIDE),
    "in GRE": (changed(("gre", None)), INSIDE),
    "in IP": (changed(("ipip", None)), INSIDE),
    "in IP in VXLAN in GRE": (changed(("ipip", None), ("vxlan", 77), ("gre", None)), INSIDE),
    "in fragments of 576 bytes": (changed(("fragment", 576)), WHOLE),
    "in fragments of 100 bytes": (changed(("fragment", 100)), WHOLE),
}


def report_slowly(binary, data):
    """The report of what comes from a pipe in pieces that end within headers."""
    run = subprocess.Popen([binary, "report", "-n", "--format", "ndjson", "-r", "-"], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE)
    sizes, at = (1, 2, 3, 5, 7, 11, 13, 4096, 17, 19, 23), 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        os.write(run.stdin.fileno(), data[at:at + size])
        at += size
    out, _ = run.communicate()
    return [json.loads(line) for line in out.splitlines()]


def again(binary, relation, files, scratch):
    if relation.startswith("standard input"):
        return report_slowly(binary, files[0])
    paths = []
    for i, data in enumerate(files):
        paths.append(os.path.join(scratch, str(i)))
        with open(paths[-1], "wb") as f:
            f.write(data)
    return flows.report(binary, *paths)


def differences(name, before, after, fields):
    a, b = values(before, fields), values(after, fields)
    for key in sorted(a.keys() | b.keys(), key=str):
        if a.get(key) == b.get(key) or key == OUTER:
            continue
        if key not in a or key not in b:
            yield f"{name} {key}: only {'before' if key in a else 'after'}"
            continue
        for i, side in enumerate(("", "->", "<-")):
            if a[key][i] != b[key][i]:
                x, y = a[key][i], b[key][i]
                if isinstance(x, dict):
                    x, y = {k: v for k, v in x.items() if y[k] != v}, {k: v for k, v in y.items() if x[k] != v}
                yield f"{name} {key} {side}: {x} became {y}"


def compare(binary, relation, path, frames, before):
    """None if the relation cannot be had, else differences."""
    write, fields = RELATIONS[relation]
    if fields is WHOLE and os.path.basename(path) in TUNNELLED:
        return None
    files = write(frames)
    if files is None:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        after = again(binary, relation, files, scratch)
    return list(differences(os.path.basename(path), before, after, fields))


def main():
    binary, failed = sys.argv[1], 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        paths = captures()
        inputs = list(zip(paths, map(reshape.read, paths), pool.map(lambda p: flows.report(binary, p), paths)))
        for n, relation in enumerate(RELATIONS, 1):
            results = [r for r in pool.map(lambda i: compare(binary, relation, *i), inputs) if r is not None]
            bad = [line for r in results for line in r]
            failed |= bool(bad)
            print(*("# " + line for line in bad), sep="\n", end="\n" if bad else "")
            print(f"{'not ' if bad else ''}ok {n} - the same: {relation}, {len(results)} captures")
    print(f"1..{len(RELATIONS)}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
