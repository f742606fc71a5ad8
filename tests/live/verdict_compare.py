"""Does the verdict name the planted cause?

Usage: verdict_compare.py KIND FLOWS LOG... KIND is "probe" or "frames", FLOWS a report as ndjson, LOG
what tests/tools/waiting printed, each line preceded by the name of the path it took. Per case: how often it was
named, unknown or wrong. Fails when one is wrong or fewer than 95 in 100 of a case are named. By frames alone a case
is named as far as frames can tell.
"""
import collections
import json
import sys

# What frames cannot know: a SYN without an answer may have been lost anywhere.
NOT_BY_FRAMES = {"accept_queue"}


def verdicts(path):
    for line in open(path):
        flow = json.loads(line)
        if flow["type"] == "flow" and flow["proto"] == "tcp":
            dst = flow["dst"]
            yield (flow["src"]["port"], f"{dst['ip']}:{dst['port']}"), flow.get("verdict", {})


def main():
    kind, flows = sys.argv[1], dict(verdicts(sys.argv[2]))
    counts = collections.defaultdict(collections.Counter)
    notes, bad = [], 0
    for path in sys.argv[3:]:
        for line in open(path):
            way, case, local, remote, cause, by_frames, rule = line.split()
            wanted = cause if kind == "probe" else by_frames
            found = flows.get((int(local), remote), {})
            named = found.get("waits_for", "none")
            proven = rule == "-" or kind != "probe" or found.get("evidence") == rule
            outcome = "named" if named == wanted and proven else "unknown" if named in ("unknown", "none") else "wrong"
            counts[way + " " + case][outcome] += 1
            if outcome != "named":
                notes.append(f"{way} {case}: {named}, wanted {wanted}: {found}")
    for case in sorted(counts):
        c = counts[case]
        total = sum(c.values())
        free = kind == "frames" and case.split()[1] in NOT_BY_FRAMES
        bad += c["wrong"] > 0 or (not free and c["named"] < 0.95 * total)
        print(f"{kind}: {case}: named {c['named']} of {total}, unknown {c['unknown']}, wrong {c['wrong']}")
    print("\n".join(notes[:20]))
    sys.exit(bool(bad) or not counts)


main()
