#!/bin/bash
# In the machine that run.sh boots: does the probe load here, and does it see every connection? Prints TAP;
# leaves what the probe and the load generator wrote in KEPT, a folder a case, to be compared outside, where
# python is. Usage: $0 BUILD KEPT (root)
build=$1 kept=$2
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
patience=60
. tests/live/probe_lib.bash

run_load() {
    serve tcp-server 10.77.0.2 7001 --workers 2
    serve tcp-server fd77::2 7002 --workers 2
    serve tcp-server 10.77.0.2 7003 --fork
    serve udp-server 10.77.0.2 7004
    client tcp-client 10.77.0.2 7001 --count 300 --short
    client tcp-client fd77::2 7002 --count 100 --short --parallel 4
    client tcp-client 10.77.0.2 7003 --count 100 --short
    client udp-once 10.77.0.2 7004 --count 100
}

# keep CASE: for the host
keep() {
    mkdir -p "$kept/$1"
    cp "$work"/client.log "$work"/server.* "$kept/$1"
    rm -f "$work"/client.log "$work"/server.*
}

# opens CASE OPTIONS-OF-probe_dump...: it stays open
opens() {
    local case=$1 started
    shift
    started=$(now_ms)
    start_dump "$@"
    check "$case: the probe opens" is_open
    echo "# in $(($(now_ms) - started)) ms: $(grep -m1 -o '^# ready [A-Z]' "$work/dump")"
}

# probed CASE OPTIONS-OF-probe_dump...
probed() {
    local case=$1
    shift
    opens "$case" "$@"
    run_load
    stop_dump
    stop_servers
    check "$case: nothing was lost" test "$(lost ring)$(lost map_full)$(lost missed)" = 000
    keep "$case"
    cp "$work/dump" "$kept/$case"
    echo "$(netns_inode $net_a),$(netns_inode $net_b)" >"$kept/$case/netns"
}

# In nanoseconds, to the ten milliseconds of uptime
wall_less_monotonic() {
    local up
    read -r up _ </proc/uptime
    echo $((${EPOCHREALTIME/[.,]/} * 1000 - ${up/./} * 10000000))
}

# The whole program: frames of the clients' end, joined with both ends' processes
reported() {
    local report
    ip netns exec $net_a "$build/socklens" report -i veth0 --format ndjson >"$work/flows" 2>"$work/report.err" &
    report=$!
    until_true $patience grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 1
    run_load
    sleep 2
    kill -INT $report
    wait $report
    check "report: ends as it should" test $? = 0
    stop_servers
    sed 's/^/# /' "$work/report.err"
    keep report
    cp "$work/flows" "$kept/report"
    wall_less_monotonic >"$kept/report/wall"
}

# existing CASE PID WHOSE: a record of the connection that was there before the probe
existing() {
    check "$1: an old connection's $3" awk -F'\t' -v pid="$2" '
        $1 == "EXISTING" && $10 == pid && ($14 ":" $15) ~ /:7001/ { found = 1 }
        END { exit !found }' "$work/dump"
}

# What else there is to load, with a connection that is older and twenty that are not
extra() { # CASE OPTIONS-OF-probe_dump...
    local old
    serve tcp-server 10.77.0.2 7001
    ip netns exec $net_a bash -c 'exec 3<>/dev/tcp/10.77.0.2/7001; read <&3' &
    old=$!
    sleep 1
    opens "$@"
    kill $old
    client tcp-client 10.77.0.2 7001 --count 20
    stop_dump
    existing "$1" $old client
    existing "$1" ${servers##* } server
    stop_servers
    rm -f "$work"/client.log "$work"/server.*
}

# calls COUNT NAME PORT-COLUMN: so many of them that went well, on sockets of the server's port
calls() {
    awk -F'\t' -v want="$1" -v name="^$2[(].*=[0-9]" -v column="$3" \
        -v here="$(netns_inode $net_a) $(netns_inode $net_b)" '
        $1 == "CALL" && index(here, $8) && $column ~ /:7001$/ && $16 ~ name { n++ }
        END { print n + 0, name; exit n != want }' "$work/dump"
}

# The server accepts the old connection before the probe is there.
has_calls() {
    calls 20 connect 15 && calls 20 accept4 14
}

# One of the plans may be beyond this kernel; doctor says which. Its lines are worth reading either way.
has_doctor() {
    "$build/socklens" doctor >"$kept/doctor" 2>&1
}

echo "# $(uname -r)"
check "doctor: the probe and the capture work" has_doctor
sed 's/^/# doctor: /' "$kept/doctor"
probe_setup
probed "plan by itself"
probed "plan S" -p s
extra "all families" -a
extra "calls" -c
check "calls: each connect() and accept()" has_calls
extra "calls by plan S" -c -p s
check "calls by plan S: each connect() and accept()" has_calls
reported
tap_end
