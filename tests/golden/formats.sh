#!/bin/bash
# Report formats before readers that are not ours. Usage: tests/golden/formats.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash
export LC_ALL=C.UTF-8
socklens=$1/socklens
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

built_with_sqlite() { ! "$socklens" report -r samples/web.pcap --format sqlite -o "$T/probe.db" 2>&1 | grep -q libsqlite3-dev; }

for format in $("$socklens" list formats | cut -d' ' -f1); do
    if [ "$format" = sqlite ] && ! built_with_sqlite; then
        skip "hostile names: sqlite" "built without libsqlite3"
        continue
    fi
    oracle "hostile names" tests/golden/formats.py "$socklens" "$format" "$T"
done

if command -v nfcapd >/dev/null; then
    captures=(samples/mixed.pcapng)
    for c in arkime__dns-wiresharkrepo.pcap arkime__wireshark-retrans.pcap ndpi__wechat.pcap; do
        [ -f "$corpus/$c" ] && captures+=("$corpus/$c")
    done
    oracle "IPFIX" tests/golden/collectors.py "$socklens" "${captures[@]}"
else
    skip "IPFIX: nfcapd" "nfdump is not installed"
fi

# Both wait for each other; nothing is lost and nothing is torn.
two_writers() {
    local a b n
    "$socklens" report -r "$1" --format sqlite -o "$T/two.db" & a=$!
    "$socklens" report -r "$1" --format sqlite -o "$T/two.db" & b=$!
    wait $a && wait $b || return 1
    n=$("$socklens" report -r "$1" --format csv | tail -n +2 | wc -l)
    [ "$(sqlite3 "$T/two.db" 'PRAGMA integrity_check; SELECT count(*), count(DISTINCT run) FROM flows')" = \
        "$(printf 'ok\n%s|2' $((2 * n)))" ]
}
if built_with_sqlite && [ -f $corpus/ndpi__wechat.pcap ]; then
    check "sqlite: two writers of one new file" two_writers $corpus/ndpi__wechat.pcap
fi

not_a_database() {
    cp samples/web.pcap "$T/other"
    "$socklens" report -r samples/web.pcap --format sqlite -o "$T/other" 2>"$T/why"
    [ $? = 1 ] && grep -q "not a database" "$T/why" && cmp samples/web.pcap "$T/other"
}
built_with_sqlite && check "sqlite: a file that is something else is left alone" not_a_database
tap_end
