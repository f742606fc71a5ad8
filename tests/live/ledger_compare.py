"""Do the ledgers of a report close, and agree with what the programs counted?

Usage: ledger_compare.py FLOWS LOG... FLOWS is a report as ndjson, LOG what tests/tools/transfer
printed. Prints "right N of M ends", then what is not.
"""
import json
import sys


def truth(paths):
    ends = {}
    for path in paths:
        for line in open(path):
            if line[0] == "#":
                continue
            role, local, remote, manner, written, read = line.split()
            ends[int(local), int(remote)] = role, manner, int(written), int(read)
    return ends


def ends_of(path):
    for line in open(path):
        flow = json.loads(line)
        if flow["type"] == "flow" and flow["proto"] == "tcp":
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
        if key not in wanted:
            continue
        role, manner, written, read = wanted.pop(key)
        bad = list(faults(end, other, written, read))
        right += not bad
        lost += end.get("ledger", {}).get("lost_to_reset_bytes", 0) > 0
        manners[manner] = manners.get(manner, 0) + 1
        if bad:
            wrong.append(f"{role} {key} {manner}: " + "; ".join(bad) + f" {end.get('ledger')} {end.get('seq')}")
    wrong += [f"{key} {end}: no flow" for key, end in wanted.items()]
    print(f"right {right} of {right + len(wrong)} ends; {lost} lost bytes to a reset; {manners}")
    for line in wrong[:20]:
        print(line)
    sys.exit(bool(wrong) or not right)


main()
