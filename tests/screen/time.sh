#!/bin/bash
# Back in time in a saved capture: steps, what was known then against a report that is cut there, play, the line of
# time, at both sizes. Usage: tests/screen/time.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens
T=$(mktemp -d)
mkdir -m 0777 "$T/out"
chmod 0755 "$T" # whoever runs as root writes as nobody
screen_cleanup() { rm -rf "$T"; }
tests/screen/time_capture.py "$T/minute.pcap"
flows() { text | grep -oE '[0-9]+ flows?' | head -1 | cut -d' ' -f1; }
past() { text | grep -oE 'PAST +[0-9:.]+' | grep -oE '[0-9:.]+$'; }
# without what a report of a file does not have, or says at its end only
columns() { python3 -c '
import csv, sys
left_out = ("rate_bps", "end_reason", "delivery_reason")
for row in sorted(csv.DictReader(sys.stdin), key=lambda r: r["id"]):
    for k, v in row.items():
        if not k.endswith(left_out):
            print(row["id"], k, v)'; }

# arrived: what is shown is of the time that was asked for, and stays
arrived() {
    local at
    for _ in {1..40}; do
        at=$(past)
        sleep 0.25
        if matches_not 'looking back' && [ "$at" = "$(past)" ]; then return 0; fi
    done
    return 1
}

# then_is_a_report: all rows of now, and of --between
then_is_a_report() {
    local at
    at=$(past) || return 1
    rm -f "$T/out/then.csv"
    keys e C-u
    keys "$T/out/then.csv" Enter
    shows 'flows? in ' || return 1
    "$socklens" report -r "$T/minute.pcap" --between ",$at" --format csv | columns >"$T/report"
    columns <"$T/out/then.csv" >"$T/then"
    [ "$(grep -c ' start ' "$T/then")" = "$(flows)" ] && diff "$T/report" "$T/then"
}

for size in "80 24" "200 60"; do
    start $size "$socklens" -r "$T/minute.pcap"
    check "$size: the end of the file is now" shows 'end of file.*26 flows'
    keys Right
    check "$size: after now there is nothing" shows 'this is now'
    keys Left
    check "$size: a step back is said" shows 'PAST +[0-9:.]+ UTC'
    check "$size: and where that is" shows '^ 03:04:05 .*[▁▂▃▄▅▆▇█].* 03:05:0[0-9]'
    keys '('
    keys '('
    keys '('
    keys '('
    keys '('
    check "$size: many steps lead to other flows" shows 'PAST.* (1?[0-9]|20) flows'
    keys Right
    check "$size: one on" shows 'PAST'
    keys 4
    check "$size: hosts of then" shows 'PAST.*' && shows 'HOST.*FLOWS'
    keys 1
    keys 0
    check "$size: 0 leads to now" shows 'end of file.*26 flows'
    keys q
done

start 140 30 "$socklens" -r "$T/minute.pcap"
shows 'end of file' || echo "# it is not read"
for keys in Left '( ( ( (' ') )' '( ( ( ( ( (' 'Left Left'; do
    for key in $keys; do
        keys "$key"
    done
    arrived || echo "# it moves on"
    check "$keys: what a report says that is cut there" then_is_a_report
done
keys 0 P
keys ']' ']' ']'
shows '03:04:1[0-9]' 10 || echo "# it does not play"
keys Space
keys s
check "the past can be sorted" shows '▲|▼'
keys / 'port = 40002' Enter
check "and filtered" shows '1–1 of 1'
keys Enter
check "a flow that had not ended is open" shows 'established, not ended'
keys l
check "its ladder ends there" shows 'FRAME.*'
kept() { text | grep -oE '[0-9]+ of [0-9]+ frames'; }
before=$(kept)
keys ')' ')' ')' ')' ')' ')'
later() { [ "$(kept)" != "$before" ] && kept | grep -q frames; }
check "and goes on with time" until_true 5 later
keys Escape
keys Escape
keys c
keys 0
check "now again" shows 'end of file.*26 flows'

keys '[' '[' '['
keys P
check "P plays from the beginning" shows 'PLAY 1× +03:04:0[5-7]'
keys ']' ']' ']'
check "faster" shows 'PLAY 8×'
check "time goes on" shows 'PLAY 8× +03:04:[12]' 10
keys Space
check "Space stands still" shows 'PAST'
at=$(past)
sleep 0.3
same() { [ "$(past)" = "$at" ]; }
check "it does" same
keys P
keys ']' ']'
check "to the end" shows 'end of file.*26 flows' 10
keys p
check "p holds the end" shows 'PAUSED'
keys Left
check "and from there back" shows 'PAST'
click 41 29
check "a click on the line goes there" shows 'PAST +03:04:2[0-9]'
keys q
check "q ends it with 0" shows 'ended with 0'
tap_end
