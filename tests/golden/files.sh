#!/bin/bash
# Many captures in one report. Usage: tests/golden/files.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash
socklens=$1/socklens
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

captures=(samples/{web,loss,mixed,processes}.*)
for c in arkime__https2-301-get.pcap arkime__wireshark-retrans.pcap ndpi__wechat.pcap ndpi__http_starting_with_reply.pcapng \
    arkime__sctp-www.pcap; do
    [ -f "$corpus/$c" ] && captures+=("$corpus/$c")
done
oracle "many captures" tests/golden/files.py "$socklens" "$T" "${captures[@]}"

one_bad() { # option...: the others are reported all the same, and the exit code tells
    local status
    "$socklens" report -n samples/processes.pcapng samples/cut.pcap samples/loss.pcap "$@" --format csv >"$T/out" 2>"$T/why"
    status=$?
    [ $status = 3 ] && [ "$(wc -l <"$T/out")" = 6 ] && grep -q "cut.pcap: cut off" "$T/why"
}
check "one that is damaged does not hide the others" one_bad
check "--jobs: nor there" one_bad --jobs 2

stopped() { # both readers hang on a pipe that says nothing: SIGINT ends them, and nobody stays behind
    local status
    mkfifo "$T/a.pcap" "$T/b.pcap"
    sleep 60 >"$T/a.pcap" & a=$!
    sleep 60 >"$T/b.pcap" & b=$!
    "$socklens" report -n "$T/a.pcap" "$T/b.pcap" --jobs 2 --format csv >"$T/out" 2>"$T/why" & pid=$!
    until_true 10 has_readers
    kill -INT $pid
    wait $pid
    status=$?
    kill $a $b
    [ $status != 130 ] && [ "$(head -c 2 "$T/out")" = id ] && ! pgrep -P $pid
}
has_readers() { [ "$(pgrep -c -P $pid)" = 2 ]; }
check "--jobs: SIGINT ends all of them, with a report" stopped

no_room() { # rows that find no room for their temporary file are an error, not silence
    mkdir "$T/small" && mount -t tmpfs -o size=4k none "$T/small" || return 1
    TMPDIR=$T/small "$socklens" report -n -Z root samples/web.pcap samples/mixed.pcapng --jobs 2 --format csv \
        >"$T/out" 2>"$T/why"
    [ $? = 1 ] && grep -q "temporary file: No space" "$T/why"
}
if [ "$(id -u)" = 0 ]; then
    check "--jobs: no room for rows" no_room
    umount "$T/small"
else
    skip "--jobs: no room for rows" "only root can mount a small disk"
fi
tap_end
