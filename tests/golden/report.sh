#!/bin/bash
# What the options of report choose and add up. Usage: tests/golden/report.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash
socklens=$1/socklens
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

captures=(samples/{web,loss,mixed,processes}.*)
for c in arkime__https2-301-get.pcap arkime__dns-wiresharkrepo.pcap arkime__wireshark-retrans.pcap \
    arkime__tls13.pcap ndpi__dns.pcap ndpi__wechat.pcap ndpi__http_starting_with_reply.pcapng; do
    [ -f "$corpus/$c" ] && captures+=("$corpus/$c")
done
oracle "options" tests/golden/report.py "$socklens" "${captures[@]}"

file_of_its_own() {
    "$socklens" report -n -r samples/web.pcap --format csv --output "$T/out" &&
        [ "$(stat -c %a "$T/out")" = 600 ] && [ "$(ls "$T")" = out ] &&
        cmp "$T/out" <("$socklens" report -n -r samples/web.pcap --format csv)
}
check "--output: a whole file, for its owner only" file_of_its_own

no_file() {
    "$socklens" report -r samples/missing.pcap --output "$T/none" 2>/dev/null
    [ ! -e "$T/none" ] && [ "$(ls "$T")" = out ]
}
check "--output: no file when there is no report" no_file
no_file_of_ours() {
    mkfifo "$T/pipe"
    cat "$T/pipe" >"$T/through" & local reader=$!
    timeout 10 "$socklens" report -n -r samples/web.pcap --format csv --output "$T/pipe"
    local status=$?
    wait $reader
    [ $status = 0 ] && [ -p "$T/pipe" ] && cmp "$T/through" "$T/out"
}
check "--output: a pipe or a device is written to, not replaced" no_file_of_ours

full_disk() {
    local status
    mkdir "$T/small" && mount -t tmpfs -o size=4k none "$T/small" || return 1
    "$socklens" report -n -r samples/web.pcap --format csv --output "$T/small/out" 2>"$T/why"
    status=$?
    ls "$T/small"
    [ $status = 1 ] && [ -z "$(ls "$T/small")" ] && grep -q "No space left" "$T/why"
}
if [ "$(id -u)" = 0 ]; then
    check "--output: nothing is left on a full disk" full_disk
    umount "$T/small"
else
    skip "--output: nothing is left on a full disk" "only root can mount a small one"
fi
tap_end
