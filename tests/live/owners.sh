#!/bin/bash
# All that is said of a process: arguments, parents, user, cgroup, container, namespace, also once it is gone; names
# that hold escape sequences; a pid that is used again. And sockets as records. Usage: $0 BUILD (root)
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
id=$(printf '%064x' 81985529216486895)
tree=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
cgroup=$tree/docker/$id
report=

cleanup() {
    kill -9 $report
    rmdir "$cgroup" "$tree/docker"
    probe_cleanup
} 2>/dev/null

start_report() { # OPTIONS...
    ip netns exec $net_a "$build/socklens" report -i veth0 --format ndjson "$@" >"$work/flows" 2>"$work/report.err" &
    report=$!
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.3
}

stop_report() {
    sleep 0.5
    kill -INT $report
    wait $report
    report=
}

# talk PORT SECONDS [SHELL]: connect and wait for an answer that never comes
talk='exec 3<>/dev/tcp/10.77.0.2/$0; read -t $1 -u 3; :'

# A user of a container, whose name, arguments and parent are told.
contained() {
    mkdir -p "$cgroup" && (
        echo $BASHPID >"$cgroup/cgroup.procs"
        exec ip netns exec $net_a setpriv --reuid=1 --regid=1 --clear-groups \
            bash -c "printf '\\033[31mred' >/proc/\$\$/comm; $talk" 7101 0.5 $'\e[2J'
    )
}

all_is_said() {
    python3 - "$work/flows" "$id" $$ $net_a <<'PY'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1])]
flow = next(r for r in rows if r["type"] == "flow" and r["dst"].get("port") == 7101)
p = flow["src"]["process"]
print(p)
assert p["name"] == r"\x1b[31mred", p["name"]
assert p["exe"].endswith("/bash")
assert r"\x1b[2J" in p["cmdline"] and "\x1b" not in p["cmdline"]
assert p["uid"] == 1 and p["user"] == "daemon"
assert p["cgroup"] == "/docker/" + sys.argv[2]
assert p["container"] == "docker:" + sys.argv[2][:12]
assert p["netns_name"] == sys.argv[4]
assert f"[{sys.argv[3]}]" in p["parents"], p["parents"]
s = next(r for r in rows if r["type"] == "socket" and r.get("remote", {}).get("port") == 7101 and r["process"].get("uid") == 1)
print(s)
assert s["process"] == p | {"match": s["process"]["match"]}
assert s["users"][0]["pid"] == p["pid"] and s["users"][0]["from_ns"] >= s["start_ns"]
assert s["flows"] == 1 and s["family"] == "inet" and s["state"] == "closed"
PY
}

# Nobody listens on port 9: no frame is needed to tell.
refused_is_told() {
    python3 - "$work/flows" <<'PY'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1])]
s = [r for r in rows if r["type"] == "socket" and r.get("remote", {}).get("port") == 9]
print(s)
assert len(s) == 1
assert s[0]["state"] == "failed" and s[0]["error"] == "ECONNREFUSED" and s[0]["failures"] == 1
assert s[0]["process"]["name"] == "bash" and s[0]["remote"]["ip"] == "127.0.0.1"
PY
}

# with_pid PID COMMAND...: start it under that number, which others may take first
with_pid() {
    local pid=$1 tries
    shift
    for tries in {1..50}; do
        echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
        ip netns exec $net_a "$@" &
        [ $! = "$pid" ] && return
        kill $!
    done 2>/dev/null
    return 1
}

# Two programs of one name, one after the other under one pid.
reuse_pid() {
    cp "$(readlink -f /bin/bash)" "$work/bash"
    ip netns exec $net_a bash -c "$talk" 7102 0.5 &
    local pid=$!
    wait $pid
    with_pid $pid "$work/bash" -c "$talk" 7103 0.5 && wait $pid
    echo $pid >"$work/reused"
}

reused_pid_is_another() {
    python3 - "$work/flows" "$(cat "$work/reused")" "$work/bash" <<'PY'
import json, sys
flows = [json.loads(l) for l in open(sys.argv[1])]
of = {f["dst"]["port"]: f["src"]["process"] for f in flows if f["type"] == "flow" and f["dst"].get("port") in (7102, 7103)}
print(of)
assert {p["pid"] for p in of.values()} == {int(sys.argv[2])}
assert of[7102]["exe"] != sys.argv[3] and of[7102]["exe"].endswith("/bash")
assert of[7103]["exe"] == sys.argv[3]
PY
}

probe_setup
trap cleanup EXIT
for port in 7101 7102 7103; do serve tcp-server 10.77.0.2 $port; done
chmod 755 "$work"
start_report
contained
ip -n $net_a link set lo up
ip netns exec $net_a bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>/dev/null
reuse_pid || reused=no
stop_report
if [ -d "$cgroup" ]; then
    check "arguments, parents, user, cgroup, container, namespace of a process that is gone" all_is_said
else
    skip "all that is said of a process" "no cgroup v2 tree to make a container in"
fi
check "a connection that is refused is a record with its process and reason" refused_is_told
if [ -s "$work/reused" ] && [ -z "${reused:-}" ]; then
    check "a pid that is used again is another program" reused_pid_is_another
else
    skip "a pid that is used again" "the kernel gave the number to somebody else"
fi
tap_end
