#!/bin/bash
# SCTP associations of captures that others made against tshark, where both are there: tags and streams by INIT and
# INIT ACK, addresses that these list, and data chunks of each end. Usage: tests/golden/sctp.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
socklens=$1/socklens
corpus=../shared/corpus
if ! command -v tshark >/dev/null || [ ! -f $corpus/MANIFEST.tsv ]; then
    skip "sctp associations" "needs tshark and a capture corpus at $corpus"
    tap_end
fi

same() { # CAPTURE
    "$socklens" report -n -r "$1" --format ndjson >"$T/ours" || return 1
    tshark -r "$1" -o ip.defragment:TRUE -Y sctp -T fields -E separator=';' -e ip.src -e ipv6.src -e sctp.srcport \
        -e ip.dst -e ipv6.dst -e sctp.dstport -e sctp.chunk_type -e sctp.initack_initiate_tag -e sctp.init_initiate_tag \
        -e sctp.initack_nr_out_streams -e sctp.init_nr_out_streams -e sctp.parameter_ipv4_address 2>/dev/null |
        OURS="$T/ours" python3 tests/golden/sctp.py
}

T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
for capture in $(awk -F'\t' 'tolower($0) ~ /sctp/ {print $1}' $corpus/MANIFEST.tsv); do
    "$socklens" report -n -r $corpus/"$capture" --format ndjson | grep -q '"proto":"sctp"' || continue
    check "sctp: $capture" same $corpus/"$capture"
done
[ $tap_n -gt 0 ] || skip "sctp associations" "no capture with SCTP"
tap_end
