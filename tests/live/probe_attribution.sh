#!/bin/bash
# Does the probe name the right process? Short connections and one-shot datagrams between two network
# namespaces, for both plans, compared with the load generator's own log. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

run_load() {
    serve tcp-server 10.77.0.2 7001 --workers 4
    serve tcp-server fd77::2 7002 --workers 4
    serve tcp-server 10.77.0.2 7003 --fork
    serve udp-server 10.77.0.2 7004
    serve udp-server fd77::2 7005
    client tcp-client 10.77.0.2 7001 --count 2000 --short
    client tcp-client fd77::2 7002 --count 500 --short --parallel 4
    client tcp-client 10.77.0.2 7003 --count 300 --short
    client udp-once 10.77.0.2 7004 --count 500
    client udp-once fd77::2 7005 --count 300 --parallel 4
}

# At least 99 in 100 ends right and none wrong, of 7200.
is_attributed() {
    NETNS=$(netns_inode $net_a),$(netns_inode $net_b) python3 tests/live/probe_compare.py "$work/dump" "$work"/client.log "$work"/server.* |
        tee "$work/verdict"
    awk 'NR == 1 { ok = $2 >= 0.99 * $8 && $8 == 7200 && $4 == 0 } END { exit !ok }' "$work/verdict"
}

# attribution NAME ARGUMENTS-OF-start_dump...
attribution() {
    local name=$1
    shift
    rm -f "$work"/client.log "$work"/server.*
    start_dump "$@"
    check "$name: the probe opens" is_open
    run_load
    stop_dump
    stop_servers
    check "$name: 99 % of ends right, none wrong" is_attributed
    check "$name: no run was missed" test "$(lost missed)" = 0
}

# The kernel's numbers of the programs that the running dump holds; others may run probes of their own.
held_programs() {
    awk '/^prog_id:/ { print $2 }' /proc/$dump/fdinfo/* 2>/dev/null | sort -u
}

are_gone() {
    local id
    for id in $1; do
        ! PATH=$PATH:/usr/sbin bpftool prog show id "$id" || return 1
    done
}

probe_setup
attribution "plan N" -p n
check "plan N: nothing was lost" test "$(lost ring)$(lost map_full)" = 00
attribution "plan S" -p s
check "plan S: nothing was lost" test "$(lost ring)$(lost map_full)" = 00
attribution "plan N, all privileges dropped" -p n -d
attribution "plan S, all privileges dropped" -p s -d
attribution "plan N, without CAP_NET_ADMIN" setpriv --bounding-set=-net_admin,-sys_admin -- -p n
check "plan N, without CAP_NET_ADMIN: says so" grep -q 'blind: without CAP_NET_ADMIN' "$work/dump"
attribution "plan N, ring of 64 KiB read every 500 ms" -p n -r 65536 -z 500
check "a full ring is counted" test "$(lost ring)" -gt 0

# The kernel frees programs a moment after their last user is gone.
for signal in TERM KILL; do
    start_dump -p n
    programs=$(held_programs)
    check "SIG$signal: programs were loaded" test "$(echo "$programs" | wc -l)" -ge 10
    kill -$signal $dump
    wait $dump 2>/dev/null
    dump=
    check "SIG$signal: no program is left behind" until_true 6 are_gone "$programs"
done
tap_end
