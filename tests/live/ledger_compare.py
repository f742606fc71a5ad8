"""Do the ledgers of a report close, and agree with what the programs counted?

Usage: ledger_compare.py FLOWS LOG... FLOWS is a report as ndjson, LOG what tests/tools/transfer
printed. Prints "right N of M ends", then what is not.
"""
import json
import sys


def truth(paths):
    """(local port, remote port) to its connections, in their order: ports are used again."""
    ends = {}
    for path in paths:
        for line in open(path):
            if line[0] == "#":
                continue
            role, local, remote, begun, manner, written, read = line.split()
            ends.setdefault((int(local), int(remote)), []).append((int(begun), role, manner, int(written), int(read)))
    for connections in ends.values():
        connections.sort(reverse=True)
    return ends


def ends_of(path):
    """The same of the report: key, this end, the other; in the order the flows began."""
    flows = (json.loads(line) for line in open(path))
    tcp = (flow for flow in flows if flow["type"] == "flow" and flow["proto"] == "tcp")
    for flow in sorted(tcp, key=lambda flow: flow["start_ns"]):
        for a, b in ((flow["src"], flow["dst"]), (flow["dst"], flow["src"])):
            yield (a["port"], b["port"]), a, b


def faults(end, other, written, read):
    """What does not add up at one end; the other end is of the same connection."""
    ledger = end.get("ledger", {})
    peer = other.get("ledger", {})
    rules = (
        ("written", "written_bytes", written),
        ("read", "read_bytes", read),
        ("acked + lost", "acked_bytes", written - ledger.get("lost_to_reset_bytes", 0)),
        ("arrived", "arrived_bytes", read + ledger.get("unread_bytes", 0)),
        ("in flight", "in_flight_bytes", 0),
        ("queued", "queued_bytes", 0),
    )
    for name, field, wanted in rules:
        if ledger.get(field) != wanted:
            yield f"{name}: {ledger.get(field)}, wanted {wanted}"
    if ledger.get("acked_bytes", 0) > peer.get("arrived_bytes", 0):
        yield f"acked {ledger.get('acked_bytes')}, but {peer.get('arrived_bytes')} arrived"


def main():
    wanted = truth(sys.argv[2:])
    right, wrong, manners, lost = 0, [], {}, 0
    for key, end, other in ends_of(sys.argv[1]):
        if not wanted.get(key):
            continue
        _, role, manner, written, read = wanted[key].pop()
        bad = list(faults(end, other, written, read))
        right += not bad
        lost += end.get("ledger", {}).get("lost_to_reset_bytes", 0) > 0
        manners[manner] = manners.get(manner, 0) + 1
        if bad:
            wrong.append(f"{role} {key} {manner}: " + "; ".join(bad) + f" {end.get('ledger')} {end.get('seq')}")
    wrong += [f"{key} {end}: no flow" for key, ends in wanted.items() for end in ends]
    print(f"right {right} of {right + len(wrong)} ends; {lost} lost bytes to a reset; {manners}")
    for line in wrong[:20]:
        print(line)
    sys.exit(bool(wrong) or not right)


main()
