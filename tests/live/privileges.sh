#!/bin/bash
# What socklens gives up, and what it says when it was given too little. Usage: $0 BUILD (root). TAP.
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
[ "$(id -u)" = 0 ] || { skip "privileges" "only root can give up root"; tap_end; }
work=$(mktemp -d)
chmod 755 "$work"
cp "$build/socklens" samples/web.pcap "$work/"
chmod 644 "$work/web.pcap"
socklens=$work/socklens
trap 'rm -rf "$work"' EXIT

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$@"; }

# says EXIT-CODE PATTERN COMMAND...: it ends so, and the line or two on stderr match
says() {
    local code=$1 pattern=$2 status
    shift 2
    "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    cat "$work/err"
    [ $status = "$code" ] && grep -qE -- "$pattern" "$work/err" && [ "$(wc -l <"$work/err")" -le 2 ]
}

# While it runs: no capability, no way to get one, and this user.
runs_as() {
    local uid=$1 pid status=0
    shift
    env "$@" "$socklens" report -i lo --for 3s >"$work/out" 2>"$work/err" &
    pid=$!
    until_true 10 grep -q '^NoNewPrivs:.*1' /proc/$pid/status
    sleep 0.2
    grep -E '^(Cap|Uid|Gid|NoNewPrivs|Groups)' /proc/$pid/status
    grep -qP "^Uid:\t$uid\t$uid\t$uid\t$uid$" /proc/$pid/status || status=1
    ! grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb):' /proc/$pid/status | grep -qv '0000000000000000' || status=1
    kill -INT $pid
    wait $pid || status=1
    return $status
}

# attempts OPTION... WANT: what works for a program that confined itself as socklens does
attempts() {
    local want=${!#}
    set -- "${@:1:$#-1}"
    rm -rf "$work/try"
    mkdir "$work/try"
    touch "$work/try/old"
    "$build/tests/tools/confined" "$work/try" "$@" >"$work/out"
    sed 's/ ok$//; t; d' "$work/out" | tr '\n' ' ' | tee "$work/works"
    [ "$(cat "$work/works")" = "$want " ] && ! grep -vE ' (ok|EPERM|EACCES)$' "$work/out"
}

is_confined() {
    "$socklens" report -i lo --for 2s >"$work/out" 2>"$work/err" &
    until_true 10 grep -q '^Seccomp:.*2' /proc/$!/status
    local status=$?
    kill -INT $!
    wait $!
    return $status
}

check "confined, it reads and finds names, and no more" attempts "socket-unix read user"
check "confined, and writing files" attempts files "socket-unix create change remove read user"
check "confined, and talking to others" attempts network "socket-inet socket-packet socket-unix read user"
check "as it runs, it is confined" is_confined
check "as root it becomes nobody and holds nothing" runs_as 65534 PATH="$PATH"
check "under sudo it becomes the person behind it" runs_as 1 SUDO_UID=1
check "without privileges capturing says what it needs" says 1 'CAP_NET_RAW' as_nobody "$socklens" report -i lo
check "without privileges tracing says what it needs" says 1 'CAP_BPF' as_nobody "$socklens" trace
check "without privileges a capture file is read all the same" says 0 '' as_nobody bash -c "$socklens report -r $work/web.pcap; echo >&2"
check "an unknown user is an error" says 1 'nosuchuser' "$socklens" report -Z nosuchuser -r samples/web.pcap
check "only root changes the user" says 1 'only root' as_nobody "$socklens" report -Z daemon -r "$work/web.pcap"
check "with CAP_NET_RAW alone there are flows, and a note that processes are missing" \
    says 0 'no process names.*CAP_BPF' setpriv --bounding-set=-all,+net_raw,+setuid,+setgid,+setpcap --inh-caps=-all \
    "$socklens" report -i lo --for 300ms --format ndjson
tap_end
