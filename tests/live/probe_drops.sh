#!/bin/bash
# Are packets that found no room counted for their socket, as many as the kernel counts, with the
# reason? A UDP socket with a small buffer, a listener with a full queue. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

# told PROTO KIND NAME: the last number of that name for the port of the log, and the log's own
told() {
    local port count
    read -r port count <<<"$(awk -v p="$1" '$1 == p { print $2, $3 }' "$work/counted")"
    awk -F'\t' -v netns="$netns" -v proto="$1" -v kind="$2" -v name="$3" -v port=":$port" -v count="$count" '
        $1 == kind && $15 ~ /:0$/ && $8 == netns && $6 == proto && substr($14, length($14) - length(port) + 1) == port {
            n = split($16, words, " ")
            for (i = 1; i <= n; i++)
                if (index(words[i], name "=") == 1) last = substr(words[i], length(name) + 2) + 0
        }
        END { print "told", last, "counted", count; exit last != count || count == 0 }' "$work/dump"
}

probe_setup
ip -n $net_a link set lo up
netns=$(netns_inode $net_a)
knows_receiver=
for plan in n s; do
    start_dump -p $plan
    check "plan $plan: opens" is_open
    ip netns exec $net_a python3 tests/live/dropping.py "$work/counted"
    stop_dump
    check "plan $plan: datagrams refused" told 17 TOTALS drops
    check "plan $plan: connections refused by a full queue" told 6 INFO drops
    knows_receiver=$(grep -c ^DROPS "$work/dump")
    if [ $plan = s ]; then
        continue
    elif [ "$knows_receiver" = 0 ]; then
        skip "plan $plan: the reason" "this kernel does not tell whose a dropped packet was"
    else
        check "plan $plan: the reason of refused datagrams" told 17 DROPS SOCKET_RCVBUFF
    fi
done
tap_end
