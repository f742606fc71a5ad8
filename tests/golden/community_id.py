#!/usr/bin/env python3
"""Community IDs of socklens against two independent sources. Usage: community_id.py SOCKLENS published|tshark

published  the values of the specification's own test captures (community-id/ of the corpus)
tshark     those that tshark's communityid post-dissector gives, on every exact capture of the corpus
Prints what was compared on the first line, differences after it; exit 1 if there are any.
"""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

import flows

PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "rsvp": 46, "icmp6": 58, "sctp": 132}
# ID of tshark -> why ours differs. A row that is no longer needed fails.
KNOWN = {}


def published(binary):
    """Each distinct row of the baseline: its ends and protocol must have a flow with its ID."""
    where = os.path.join(flows.CORPUS, "community-id")
    with open(os.path.join(where, "baseline_deflt.json"), encoding="utf-8") as f:
        want = {(r["proto"], frozenset((r["saddr"], r["daddr"])), r["communityid"]) for r in json.load(f)}
    have = set()
    for capture in glob.glob(os.path.join(where, "*.pcap")):
        for o in flows.flows(flows.report(binary, capture)):
            proto = PROTOCOLS.get(o["proto"], o["proto"])
            have.add((proto, frozenset((o["src"]["ip"], o["dst"]["ip"])), o.get("community_id")))
    return f"{len(want)} published values", sorted(f"no flow with {w}" for w in want - have)


def tshark_ids(captures, merged):
    """{ID: {(address, address)} as the last dissector saw them}: one run of tshark on all captures, appended."""
    subprocess.run(["mergecap", "-a", "-F", "pcapng", "-w", merged, *captures], check=True, capture_output=True)
    columns = 'gui.column.format:"s","%us","d","%ud"'
    fields = ["-T", "fields", "-e", "communityid", "-e", "_ws.col.s", "-e", "_ws.col.d"]
    done = subprocess.run(["tshark", "-n", "-o", columns, "--enable-protocol", "communityid", "-r", merged, *fields],
                          check=True, capture_output=True)
    out = collections.defaultdict(set)
    for line in done.stdout.decode().splitlines():
        cid, src, dst = line.split("\t")
        if cid and any(c in src for c in ".:"):  # SS7 point codes end up in the columns as well
            out[cid].add(tuple(sorted((src, dst))))
    return out


def against_tshark(binary):
    captures = flows.exact_captures() + glob.glob(os.path.join(flows.CORPUS, "community-id", "*.pcap"))
    with tempfile.TemporaryDirectory() as scratch:
        want = tshark_ids(captures, os.path.join(scratch, "all.pcapng"))
    have = collections.defaultdict(set)
    for capture in captures:
        for o in flows.flows(flows.report(binary, capture)):
            have[o.get("community_id")].add(tuple(sorted((o["src"]["ip"], o["dst"]["ip"]))))
    bad = [f"{cid} {sorted(ends)[0]}: tshark only" for cid, ends in want.items() if cid not in have and cid not in KNOWN]
    bad += [f"{cid}: ends {sorted(have[cid])}, tshark {sorted(ends)}" for cid, ends in want.items()
            if cid in have and not ends <= have[cid]]
    bad += [f"{cid}: no longer differs, remove it from KNOWN" for cid in KNOWN if cid in have]
    return f"{len(want)} IDs of tshark on {len(captures)} captures, {len(KNOWN)} known differences", bad


def main():
    title, bad = {"published": published, "tshark": against_tshark}[sys.argv[2]](sys.argv[1])
    print(title, *bad, sep="\n")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
