"""The table of docs/COVERAGE.md from one run: what tests/tools/ways did, and what the probe made of it.

Usage: coverage.py WAYS TRACE.ndjson PROBE_DUMP COMMITTED.md > NEW.md

A cell is ok when the trace has that call on a socket of that family with that descriptor and result, as often
as it was made. "error" is the same for a call that the kernel refuses there. Columns of families that this
kernel lacks are kept from the committed file, where another kernel proved them.
"""
import collections
import errno
import json
import re
import sys

CALLS = """socket socketpair bind listen connect accept accept4 sendto sendmsg sendmmsg write writev pwrite64
sendfile splice async_send recvfrom recvmsg recvmmsg read readv pread64 splice_out getsockname getpeername
setsockopt getsockopt dup dup2 dup3 fcntl ioctl poll ppoll select epoll_ctl epoll_wait pidfd_getfd shutdown
close""".split()
# family, as the record tells it: domain, type, protocol
FAMILIES = {
    "TCP4": ("AF_INET", "SOCK_STREAM", 6), "TCP6": ("AF_INET6", "SOCK_STREAM", 6),
    "v4-mapped": ("AF_INET6", "SOCK_STREAM", 6), "UDP connected": ("AF_INET", "SOCK_DGRAM", 17),
    "UDP unconnected": ("AF_INET6", "SOCK_DGRAM", 17), "multicast": ("AF_INET", "SOCK_DGRAM", 17),
    "Unix stream": ("AF_UNIX", "SOCK_STREAM", 0), "Unix dgram": ("AF_UNIX", "SOCK_DGRAM", 0),
    "Unix seqpacket": ("AF_UNIX", "SOCK_SEQPACKET", 0), "raw": ("AF_INET", "SOCK_RAW", 253),
    "ping": ("AF_INET", "SOCK_DGRAM", 1), "packet": ("AF_PACKET", "SOCK_DGRAM", None),
    "netlink": ("AF_NETLINK", "SOCK_RAW", 2), "vsock": ("AF_VSOCK", "SOCK_STREAM", 0),
    "SCTP": ("AF_INET", "SOCK_STREAM", 132), "MPTCP": ("AF_INET", "SOCK_STREAM", 262),
}
NUMBERS = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16, "AF_PACKET": 17, "AF_VSOCK": 40}
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "sctp": 132}
HEAD = """# What socklens trace sees

Made by `tests/live/coverage.sh`, which makes every one of these calls on a socket of every family and looks for it in
the trace; do not edit. `UPDATE=1 tests/live/coverage.sh build` writes it anew.

ok: made, and in the record with its descriptor, result and family. error: the kernel refuses this call here, and
the record says so. no: made, and not in the record. A dash: there is no such call there. lacks: no kernel it was
tried on has the family. *bytes*: the totals of the sockets are what the calls returned, to the byte; what splice takes out of a stream
into a pipe only the kernel's own totals of TCP tell.
"""


def read_ways(path):
    cells, moved, lacks = [], {}, {}
    for line in open(path):
        what, family, *rest = line.rstrip("\n").split("\t")
        if what == "cell":
            cells.append((family, rest[0].replace(" ", "_"), int(rest[1]), int(rest[2])))
        elif what == "moved":
            moved[family] = (int(rest[0]), int(rest[1]))
        elif what == "lacks":
            lacks[family] = rest[0]
    return cells, moved, lacks


def read_trace(path):
    """How often each (call, domain, type, protocol, fd, result) is there; of packet sockets any protocol."""
    seen = collections.Counter()
    for line in open(path):
        c = json.loads(line)
        if c["type"] != "call" or "socket" not in c:
            continue
        s = c["socket"]
        result = -getattr(errno, c["errno"]) if "errno" in c else c.get("result")
        proto = s.get("protocol", PROTOCOLS.get(s.get("proto")))
        if s["family"] == "AF_PACKET":
            proto = None
        call = {"pselect6": "select"}.get(c["call"], c["call"])
        fd = -1 if call.startswith("async") else c.get("fd", -1)
        seen[(call, s["family"], s["type"], proto, fd, result)] += 1
        if call == "splice":
            seen[("splice_out", s["family"], s["type"], proto, fd, result)] += 1
    return seen


def totals(path, names):
    """Bytes sent and received by the sockets of these families together."""
    last = {}
    for line in open(path):
        f = line.rstrip("\n").split("\t")
        if f[0] in ("TOTALS", "CLOSE") and f[12] == "ways":
            m = re.search(r"tx=(\d+)/\d+ rx=(\d+)/", f[15])
            last[f[2]] = (int(f[4]), int(f[5]), int(m[1]), int(m[2]))
    keys = {(NUMBERS[FAMILIES[n][0]], FAMILIES[n][2]) for n in names}
    mine = [v for v in last.values() if (v[0], v[1]) in keys or (v[0] == 17 and (17, None) in keys)]
    return sum(v[2] for v in mine), sum(v[3] for v in mine)


def bytes_cell(family, moved, cells, dump):
    kin = [f for f in moved if FAMILIES[f][0] == FAMILIES[family][0] and FAMILIES[f][2] == FAMILIES[family][2]]
    sent, received = (sum(moved[f][i] for f in kin) for i in (0, 1))
    spliced = sum(max(c[3], 0) for c in cells
                  if c[0] in kin and c[1] == "splice_out" and FAMILIES[c[0]][1] == "SOCK_STREAM")
    got = totals(dump, kin)
    print(f"{family}: moved {sent} {received}, totals {got}, spliced out {spliced}", file=sys.stderr)
    if got == (sent, received):
        return "ok"
    if got == (sent, received - spliced):
        return "but splice out" if FAMILIES[family][1] == "SOCK_STREAM" else "ok"
    return "no"


def columns(cells, moved, lacks, seen, dump):
    table = {}
    for family, (domain, kind, proto) in FAMILIES.items():
        if family in lacks:
            continue
        asked, column = collections.Counter(), {}
        for f, call, fd, result in cells:
            if f != family:
                continue
            key = (call, domain, kind, proto, fd, result)
            asked[key] += 1
            found = seen[key] >= asked[key]
            word = "no" if not found else "error" if result < 0 else "ok"
            column[call] = max(column.get(call, ""), word, key=["", "ok", "error", "no"].index)
            if not found:
                print("not found:", family, call, fd, result, file=sys.stderr)
        column["*bytes*"] = bytes_cell(family, moved, cells, dump)
        table[family] = column
    return table


def read_committed(path):
    table = {}
    try:
        rows = [line.strip("| \n").split("|") for line in open(path) if line.startswith("|")]
    except FileNotFoundError:
        return table
    names = [n.strip() for n in rows[0][1:]]
    for row in rows[2:]:
        for name, word in zip(names, row[1:]):
            table.setdefault(name, {})[row[0].strip(" `")] = word.strip()
    return table


def main():
    cells, moved, lacks = read_ways(sys.argv[1])
    table = columns(cells, moved, lacks, read_trace(sys.argv[2]), sys.argv[3])
    committed = read_committed(sys.argv[4])
    for family in lacks:
        if any(w != "lacks" for w in committed.get(family, {}).values()):
            table[family] = committed[family]
        print(f"this kernel lacks {family}: {lacks[family]}", file=sys.stderr)
    print(HEAD)
    print("| call |", " | ".join(FAMILIES), "|")
    print("|---" * (len(FAMILIES) + 1) + "|")
    for call in CALLS + ["*bytes*"]:
        words = [table[f].get(call, "-") if f in table else "lacks" for f in FAMILIES]
        print(f"| {call if call[0] == '*' else '`' + call + '`'} |", " | ".join(words), "|")
    print("\n`splice_out` is splice from a socket into a pipe; `async_send` what an AIO request sent.")
    bad = [f for f in table if f not in lacks for w in table[f].values() if w == "no"]
    sys.exit(bool(bad))


main()
