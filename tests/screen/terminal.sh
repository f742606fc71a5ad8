#!/bin/bash
# What terminals do: a mouse, other sizes while the past is looked at, themes there, and going away.
# Usage: tests/screen/terminal.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens

for size in "80 24" "200 60"; do
    start $size "$socklens" -r samples/mixed.pcapng
    check "$size: the list" shows '7 flows'
    click 38 3
    check "$size: a click on a tab opens that view" shows 'HOST.*FLOWS'
    click 3 3
    check "$size: and back" shows 'PROCESS'
    click 20 7
    click 20 7
    check "$size: a second click on a row opens it" shows 'originator'
    keys Escape
    keys Left Left
    check "$size: the past" shows 'PAST'
    resize 20 5
    check "$size: is said on a screen of 20×5" shows 'PAST'
    resize "${size% *}" "${size#* }"
    check "$size: and is still looked at after that" shows 'PAST +[0-9:.]+ UTC'
    keys q
done

start 100 24 "$socklens" --no-mouse -r samples/mixed.pcapng
check "--no-mouse: the list" shows '7 flows'
click 38 3
check "--no-mouse: no click opens anything" shows 'PROCESS'
keys q

no_colour() { ! colours | grep -qE $'\x1b\\[[0-9;]*(3[0-7]|9[0-7]|38;|48;|4[0-7])m'; }
marked() { colours | grep -qE $'\x1b\\[[0-9;]*7[0-9;]*m[^\x1b]*PAST'; }
for theme in default light mono contrast colour-blind; do
    start 100 24 "$socklens" --theme $theme -r samples/mixed.pcapng
    shows 'end of file' >/dev/null
    keys Left
    check "$theme: the past is said" shows 'PAST'
    [ $theme != mono ] || check "mono: without colours, in reverse" until_true 5 marked
    [ $theme != mono ] || check "mono: no colour at all" no_colour
    keys q
done

start 100 24 env NO_COLOR=1 "$socklens" -r samples/mixed.pcapng
check "NO_COLOR: the list" shows '7 flows'
keys p
check "NO_COLOR: PAUSED" shows 'PAUSED'
keys Left
check "NO_COLOR: and the past stand out without" until_true 5 marked
keys q

start 100 24 "$socklens" -r samples/mixed.pcapng
check "a terminal that goes away" shows '7 flows'
pid=$(pgrep -P "$(tmux -L $tmux_socket display -p -t s '#{pane_pid}')" socklens)
tmux -L $tmux_socket kill-server
gone() { ! kill -0 "$pid" 2>/dev/null; }
check "takes the program with it" until_true 5 gone
start 100 24 "$socklens" -r samples/mixed.pcapng
shows 'end of file' >/dev/null
kill -HUP "$(pgrep -P "$(tmux -L $tmux_socket display -p -t s '#{pane_pid}')" socklens)"
check "SIGHUP restores the terminal" shows 'ended with'
check "whose screen is its own again" hides 'PROCESS'
for term in dumb nosuchterm ''; do
    start 100 24 env TERM=$term "$socklens" -r samples/mixed.pcapng
    check "TERM=$term is explained" shows 'ended with 1'
done
tap_end
