#!/bin/bash
# The filter language: the examples and names of docs/FILTER.md, and rows against Python. Usage:
# tests/golden/filter.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash
socklens=$1/socklens

examples() {
    local line
    awk '/^```$/ { n++; next } n == 1' docs/FILTER.md | while read -r line; do
        "$socklens" report -r samples/web.pcap --filter "$line" >/dev/null || { echo "$line"; return 1; }
    done
}
check "the examples of docs/FILTER.md compile" examples

names() {
    diff <(awk '/^```$/ { n++; next } n == 3' docs/FILTER.md) <("$socklens" list names)
}
check "the names of docs/FILTER.md are those of the program" names

if [ -d "$corpus" ]; then
    captures=(samples/{web,loss,mixed,processes}.*)
    for c in arkime__https2-301-get.pcap arkime__dns-wiresharkrepo.pcap arkime__wireshark-retrans.pcap \
        ndpi__dns.pcap ndpi__wechat.pcap ndpi__http_starting_with_reply.pcapng ndpi__quic-fuzz-overflow.pcapng; do
        captures+=("$corpus/$c")
    done
    oracle "filters" tests/golden/filter.py "$socklens" "${captures[@]}"
else
    skip "filters against Python" "no corpus beside the repository"
fi
tap_end
