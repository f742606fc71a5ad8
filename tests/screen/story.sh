#!/bin/bash
# The three-minute story of README.md, a check a step: who uploads most, why a connection is slow, who is refused, back to a
# flow that has ended, and away with it. Between two network namespaces. Usage: tests/screen/story.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens
[ "$(id -u)" = 0 ] || { skip "the story" "namespaces and capturing need root"; tap_end; }
T=$(mktemp -d)
here=story-a-$$ there=story-b-$$ address=10.77.0.2 started=()
screen_cleanup() {
    kill "${started[@]}" 2>/dev/null
    ip netns del $here 2>/dev/null
    ip netns del $there 2>/dev/null
    rm -rf "$T"
}
mkdir -p -m 0777 "$T/out" "$T/config/socklens"
chmod 0755 "$T" # whoever runs as root writes as nobody
printf 'fade 1s\n' >"$T/config/socklens/config" # what has ended leaves the list soon
ip netns add $here && ip netns add $there
ip -n $here link add s0 type veth peer s1 netns $there
ip -n $here addr add 10.77.0.1/24 dev s0
ip -n $there addr add $address/24 dev s1
ip -n $here link set s0 up
ip -n $there link set s1 up
load() { # namespace, role, address
    ip netns exec "$1" python3 tests/screen/story_load.py "${@:2}" >"$T/$2.txt" 2>&1 &
    started+=($!)
}
load $there peer
until_true 5 grep -q :2328 "/proc/${started[0]}/net/tcp"

start 120 30 env XDG_CONFIG_HOME="$T/config" ip netns exec $here "$socklens" live -i s0
check "the dashboard is there" shows 'live.*' 10
shows 'probe plan' 10 || { skip "the story" "no probe here: $(text | sed -n 2p)"; tap_end; }
for role in uploader slowpoke knocker brief; do load $here $role $address; done
brief=${started[-1]}
check "first look: who talks to whom" shows 'upload.* [0-9]+ .*10\.77\.0\.2 +9000' 10

keys 2
uploads_most() { text | grep -A1 -E 'WROTE▼' | tail -1 | grep -q '^ uploader'; }
check "1. the process that uploads most stands first among processes" until_true 10 uploads_most

keys 1
keys / 'slowpoke' Enter
check "2. one connection of all" shows '1–1 of 1' 10
keys Enter
check "   why it is slow: the peer's application thinks" shows 'Wait(s|ed) for +peer: ' 10
keys Escape
keys c

keys 6
check "3. a refused connect, and whose it is" shows 'refused.*knocker +[0-9]+.*9999' 10

keys 1
has_ended() { ! kill -0 $brief 2>/dev/null; }
until_true 15 has_ended
keys / 'brief' Enter
check "4. a flow that has ended is gone from the list" shows '0 of|no flow has' 15
back() { # steps until it is there
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        keys Left
        hides 'looking back'
        if matches 'PAST.*' && matches 'brief +[0-9]+.*9000'; then return 0; fi
    done
    text
    return 1
}
check "   and there again, some seconds back" back
check "   as it was then" matches 'brief.* (open|done)'

keys e C-u
keys "$T/out/brief.csv" Enter
check "5. away with it" shows '1 of 1 flows? in ' 10
mine() { grep -q ',brief,' "$T/out/brief.csv" && grep -q ',9000,' "$T/out/brief.csv"; }
check "   it is in the file" mine

keys c
keys 0
check "now again" shows ' live .*uploader|live' 10
keys q
check "q ends it with 0" shows 'ended with 0'
tap_end
