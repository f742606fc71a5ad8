#!/bin/bash
# In the machine that run.sh boots: does the probe load here, and does it see every connection? Prints TAP;
# leaves what the probe and the load generator wrote in /out, a folder a case, to be compared outside, where
# python is. Usage: $0 BUILD
build=$1
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
    mkdir -p "/out/$1"
    cp "$work"/client.log "$work"/server.* "/out/$1"
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
    cp "$work/dump" "/out/$case"
    echo "$(netns_inode $net_a),$(netns_inode $net_b)" >"/out/$case/netns"
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
    cp "$work/flows" /out/report
    wall_less_monotonic >/out/report/wall
}

# One of the plans may be beyond this kernel; doctor says which. Its lines are worth reading either way.
has_doctor() {
    "$build/socklens" doctor >/out/doctor 2>&1
}

echo "# $(uname -r)"
check "doctor: the probe and the capture work" has_doctor
sed 's/^/# doctor: /' /out/doctor
probe_setup
probed "plan by itself"
probed "plan S" -p s
for level in "all families: -a" "calls: -c" "calls by plan S: -c -p s"; do
    opens "${level%%:*}" ${level#*:}
    stop_dump
done
reported
tap_end
