#!/bin/bash
# Whom to follow: each way of saying it keeps what was asked for, leaves the rest out and counts it; a command is
# followed from its first call. Usage: $0 BUILD (root)
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

talk='exec 3<>/dev/tcp/10.77.0.2/$0; read -t 0.4 -u 3; :'
in_a() { ip netns exec $net_a "$@"; }
socklens() { in_a "$build/socklens" "$@"; }

# Two connections: bash as daemon to 7201, tony (a bash) as root to 7202.
two_connections() {
    in_a setpriv --reuid=1 --regid=1 --clear-groups bash -c "$talk" 7201 &
    local first=$!
    in_a bash -c "printf tony >/proc/\$\$/comm; $talk" 7202 &
    wait $first $!
}

# keeps PORT OPTIONS...: of the two, the one to this port
keeps() {
    local port=$1 report
    shift
    ip netns exec $net_a "$build/socklens" report -i veth0 --format ndjson "$@" >"$work/flows" 2>"$work/err" &
    report=$!
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.3
    two_connections
    sleep 0.4
    kill -INT $report
    wait $report
    only "$port" 1
}

# only PORT LEFT-OUT: the reported flows go there; so many others were counted
only() {
    cat "$work/err"
    python3 - "$work/flows" "$1" "$2" <<'PY'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1])]
ports = {r["dst"].get("port") for r in rows if r["type"] == "flow"}
print(ports, rows[-1])
assert ports == {int(sys.argv[2])} and rows[-1]["flows_out_of_scope"] >= int(sys.argv[3])
assert all(int(sys.argv[2]) in (r.get("remote", {}).get("port"), r.get("local", {}).get("port"))
           for r in rows if r["type"] == "socket" and r["flows"])
PY
}

# The command's children live long enough to be met; others go on meanwhile.
follows_command() {
    two_connections &
    socklens report -i veth0 --format ndjson -- bash -c "bash -c '$talk' 7201 & wait; echo done" >"$work/flows" 2>"$work/err"
    [ $? = 0 ] && grep -q '^done$' "$work/err" && only 7201 1
}

ends_as_the_command() { # CODE COMMAND...
    local code=$1
    shift
    socklens report -i veth0 --format csv -- "$@" >"$work/flows" 2>"$work/err"
    local got=$?
    cat "$work/err"
    echo "ended with $got"
    [ $got = "$code" ]
}

runs_as_caller() {
    in_a env SUDO_UID=1 "$build/socklens" report -i veth0 --format csv -- id -u >"$work/flows" 2>"$work/err"
    cat "$work/err"
    grep -q '^1$' "$work/err"
}

usage_error() { socklens report -i veth0 "$@" >/dev/null 2>&1; [ $? = 2 ]; }

probe_setup
for port in 7201 7202; do serve tcp-server 10.77.0.2 $port; done
check "--port" keeps 7201 --port 7201
check "--comm" keeps 7202 --comm tony
check "--uid by name" keeps 7201 --uid daemon
check "--uid and --port must both hold" keeps 7202 --uid 0 --port 7202
check "a command and its children are followed" follows_command
check "the end of the command is ours: 7" ends_as_the_command 7 bash -c 'exit 7'
check "the end of the command is ours: a signal" ends_as_the_command 137 bash -c 'kill -9 $$'
check "a command that does not exist" ends_as_the_command 127 /no/such/command
check "under sudo the command is its caller's" runs_as_caller
check "no such namespace is wrong usage" usage_error --netns nosuch
check "no such cgroup is wrong usage" usage_error --cgroup /no/such
check "no such user is wrong usage" usage_error --uid nosuchuser
tap_end
