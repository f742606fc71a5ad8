#!/bin/bash
# Sockets that were open before the probe are found, in every network namespace, with each of their
# owners; and an unprivileged user is told what is missing. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

LISTENER=4

# existing PID LOCAL FLAG-MASK: an EXISTING record of that process, with a descriptor and a namespace
existing() {
    awk -F'\t' -v pid="$1" -v local="$2" -v mask="$3" -v netns="$netns" '
        $1 == "EXISTING" && $10 == pid && $14 == local && $9 >= 0 && $8 == netns &&
        int($4 / (mask ? mask : 1)) % 2 == (mask > 0) { found = 1 }
        END { exit !found }' "$work/dump" || { grep EXISTING "$work/dump"; return 1; }
}

accepted_by_listener() {
    awk -F'\t' '$1 == "OPEN" && int($4 / 8) % 2 && $14 ~ /:7001$/ && $10 > 0 { found = 1 }
                END { exit !found }' "$work/dump"
}

probe_setup
serve tcp-server 10.77.0.2 7001 --workers 2
serve udp-server fd77::2 7002
netns=$(ip netns exec $net_b readlink /proc/self/ns/net | tr -dc 0-9)
tcp=$(echo $servers | cut -d' ' -f1)
udp=$(echo $servers | cut -d' ' -f2)
for plan in n s; do
    start_dump -p $plan
    check "plan $plan: opens" is_open
    client tcp-client 10.77.0.2 7001 --count 3
    stop_dump
    check "plan $plan: a listener, with its maker" existing "$tcp" 10.77.0.2:7001 $LISTENER
    for worker in $(pgrep -P "$tcp"); do
        check "plan $plan: a listener, with a worker" existing "$worker" 10.77.0.2:7001 $LISTENER
    done
    check "plan $plan: a UDP socket" existing "$udp" '[fd77::2]:7002' 0
    check "plan $plan: an old listener lends its owner" accepted_by_listener
done

start_dump setpriv --reuid=65534 --regid=65534 --clear-groups -- -p n
wait $dump
dump=
check "without privileges: says what is needed" \
    grep -q '^# failed .*needs CAP_BPF and CAP_PERFMON, or root' "$work/dump"
tap_end
