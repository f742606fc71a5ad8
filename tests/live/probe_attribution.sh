#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Does the probe name the right process? Short connections and one-shot datagrams between two
# network namespaces, both plans, compared with the load generator's own log.
# use: probe_attribution.sh BUILD    (root; prints TAP)
build=$1
here=$(dirname "$0")
tools=$build/tests/tools
a=socklens-a-$$ b=socklens-b-$$
work=$(mktemp -d)
tests=0

check() # NAME: passes when the last command did
{
	status=$?
	tests=$((tests + 1))
	[ $status = 0 ] && echo "ok $tests - $1" || echo "not ok $tests - $1"
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

[ "$(id -u)" = 0 ] || skip_all "needs root"
ip netns add "$a" 2>/dev/null || skip_all "cannot make network namespaces"

servers= dump=
cleanup()
{
	[ -n "$servers$dump" ] && kill -9 $servers $dump 2>/dev/null
	ip netns del "$a" 2>/dev/null
	ip netns del "$b" 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT

ip netns add "$b"
ip -n "$a" link add veth0 type veth peer name veth0 netns "$b"
ip -n "$a" addr add 10.77.0.1/24 dev veth0
ip -n "$b" addr add 10.77.0.2/24 dev veth0
ip -n "$a" addr add fd77::1/64 dev veth0 nodad
ip -n "$b" addr add fd77::2/64 dev veth0 nodad
ip -n "$a" link set veth0 up
ip -n "$b" link set veth0 up

wait_for() # FILE PATTERN
{
	for _ in $(seq 100); do
		grep -q "$2" "$1" 2>/dev/null && return 0
		sleep 0.05
	done
	return 1
}

serve() # ROLE ADDR PORT [OPTIONS]: a server in b
{
	log=$work/server.$3.$1
	ip netns exec "$b" "$tools/load" "$@" >>"$log" &
	servers="$servers $!"
	wait_for "$log" ready || echo "# $* did not start"
}

start_dump() # OUTPUT OPTIONS...
{
	out=$1
	shift
	rm -f "$out"
	"$tools/probe_dump" "$@" >"$out" &
	dump=$!
	wait_for "$out" "^# [rf]" && grep -q "^# ready" "$out"
}

stop_dump()
{
	sleep 0.3
	kill -TERM $dump
	wait $dump
	dump=
}

stop_servers()
{
	kill $servers
	wait $servers 2>/dev/null
	servers=
}

programs()
{
	PATH=$PATH:/usr/sbin bpftool prog show | grep -c '^[0-9]'
}

programs_back_to() # COUNT: the kernel frees programs a moment after their last user is gone
{
	for _ in $(seq 60); do
		[ "$(programs)" = "$1" ] && return 0
		sleep 0.1
	done
	return 1
}

client() # ROLE ADDR PORT [OPTIONS]
{
	ip netns exec "$a" "$tools/load" "$@" >>"$work/client.log"
}

run_load() # SHORT TCP v4 connections
{
	serve tcp-server 10.77.0.2 7001 --workers 4
	serve tcp-server fd77::2 7002 --workers 4
	serve tcp-server 10.77.0.2 7003 --fork
	serve udp-server 10.77.0.2 7004
	serve udp-server fd77::2 7005
	client tcp-client 10.77.0.2 7001 --count "$1" --short
	client tcp-client fd77::2 7002 --count 500 --short --parallel 4
	client tcp-client 10.77.0.2 7003 --count 300 --short
	client udp-once 10.77.0.2 7004 --count 500
	client udp-once fd77::2 7005 --count 300 --parallel 4
}

# At least 99 in 100 ends right and none wrong.
is_attributed() # DUMP
{
	python3 "$here/probe_compare.py" "$1" "$work"/client.log "$work"/server.* >"$work/verdict"
	sed 's/^[^#]/# &/' "$work/verdict"
	awk 'NR == 1 { ok = $2 >= 0.99 * $8 && $8 > 0 && $4 == 0 } END { exit !ok }' "$work/verdict"
}

attribution() # NAME PLAN OPTIONS...
{
	name=$1
	shift
	rm -f "$work"/client.log "$work"/server.*
	start_dump "$work/dump" -p "$@"
	check "$name: the probe opens"
	run_load 2000
	stop_dump
	stop_servers
	is_attributed "$work/dump"
	check "$name: 99 % of ends right, none wrong"
	[ "$(sed -n 's/^# loss missed //p' "$work/dump")" = 0 ]
	check "$name: no run was missed"
}

before=$(programs)
attribution "plan N" n
attribution "plan S" s
attribution "plan N without privileges" n -d
attribution "plan S without privileges" s -d
attribution "plan N, ring of 64 KiB read every 500 ms" n -r 65536 -z 500
programs_back_to "$before"
check "no program is left behind"

start_dump "$work/dump" -p n
kill -9 $dump
wait $dump 2>/dev/null
dump=
programs_back_to "$before"
check "no program is left behind after kill -9"
echo "1..$tests"
