#!/bin/bash
# RTP streams of captures that others made against tshark's `-z rtp,streams`, where both are there: packets and
# losses equal, the largest jitter within the rounding of what it prints. Usage: tests/golden/rtp.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
socklens=$1/socklens
corpus=../shared/corpus
if ! command -v tshark >/dev/null || [ ! -f $corpus/MANIFEST.tsv ]; then
    skip "rtp streams" "needs tshark and a capture corpus at $corpus"
    tap_end
fi

streams() { # CAPTURE: address, port, ssrc, packets, lost, largest jitter in ms or - when the clock is unknown
    "$socklens" report -n -r "$1" --format ndjson | python3 -c '
import json, sys
for line in sys.stdin:
    row = json.loads(line)
    for end in "src", "dst":
        rtp = row.get(end, {}).get("rtp")
        if rtp:
            jitter = rtp.get("jitter_max_ns")
            print(row[end]["ip"], row[end]["port"], rtp["ssrc"], rtp["packets"], rtp["lost"],
                  "-" if jitter is None else jitter / 1e6)'
}

# Each of our streams must be one of tshark's, with the same numbers.
same() { # CAPTURE
    local ours
    ours=$(streams "$1")
    echo "$ours"
    tshark -r "$1" -o rtp.heuristic_rtp:TRUE -q -z rtp,streams 2>/dev/null | OURS=$ours python3 -c '
import os, re, sys
theirs = {}
for line in sys.stdin:
    m = re.match(r"\s*[\d.]+\s+[\d.]+\s+(\S+)\s+(\d+)\s+\S+\s+\d+\s+(0x[0-9A-F]+)\s+(.+?)\s+(\d+)\s+(-?\d+) \(.*?\)(.*)", line)
    if m:
        theirs[m[1], m[2], int(m[3], 16)] = int(m[5]), int(m[6]), float(m[7].split()[5])
bad = not theirs
for line in os.environ["OURS"].splitlines():
    ip, port, ssrc, packets, lost, jitter = line.split()
    want = theirs.get((ip, port, int(ssrc)))
    if not want or (int(packets), int(lost)) != want[:2] or (jitter != "-" and abs(float(jitter) - want[2]) > 0.001):
        print("ours:", line, "tshark:", want)
        bad = True
sys.exit(bad or not os.environ["OURS"])'
}

for capture in $(awk -F'\t' '/RTP|gtp-iphone/ {print $1}' $corpus/MANIFEST.tsv); do
    tshark -r $corpus/"$capture" -o rtp.heuristic_rtp:TRUE -q -z rtp,streams 2>/dev/null | grep -q 0x || continue
    check "rtp: $capture" same $corpus/"$capture"
done
[ $tap_n -gt 0 ] || skip "rtp streams" "no capture with RTP"
tap_end
