#!/bin/bash
# Lists: columns, sums, groups, tags, the tree, finding, filters with names, names of every script.
# Usage: tests/screen/tables.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens
T=$(mktemp -d)
mkdir -p "$T/conf/socklens" "$T/out"
chmod -R a+rwX "$T" # whoever runs as root writes as nobody
screen_cleanup() { rm -rf "$T"; }
config=$T/conf/socklens/config
with_config() {
    local size=$1
    shift
    start $size env XDG_CONFIG_HOME="$T/conf" "$socklens" -r "$@"
}
line_of() { text | grep -nE -- "$1" | head -1 | cut -d: -f1; }
kept() { grep -qxF -- "$1" "$config"; }

for size in "80 24" "200 60"; do
    printf '# mine\ntheme mono   # and why\n' >"$config"
    chmod a+rw "$config"
    with_config "$size" samples/mixed.pcapng
    check "$size: seven flows" shows '7 flows'

    # --- columns ---
    keys C
    check "$size: C lists the columns" shows '\[~\] PROTO +transport protocol'
    keys Home Space Space
    keys Down Right
    check "$size: a column is hidden, another moves" shows '\[ \] PROCESS'
    keys End Space
    check "$size: the last one is always shown" shows '\[x\] START'
    keys Escape
    check "$size: as the list shows now" shows '^ *SRC +(PROTO +)?DST.*START'
    check "$size: the choice is in the configuration" until_true 5 kept \
        "columns flows -src.process.name src.ip proto dst.ip dst.process.name state src.rate_bps dst.rate_bps src.bytes dst.bytes rtt_ns.avg src.tcp.retransmission dst.tcp.retransmission duration_ns app names.sni +start_ns"
    check "$size: beside what was there" test "$(head -2 "$config")" = "$(printf '# mine\ntheme mono   # and why')"
    keys q
    with_config "$size" samples/mixed.pcapng
    check "$size: and is found again" shows '^ *SRC +(PROTO +)?DST.*START'
    keys C 0 Escape
    check "$size: 0 takes it back" shows '^ *PROCESS'
    plain() { ! grep -q columns "$config"; }
    check "$size: in the file as well" until_true 5 plain

    # --- sums ---
    check "$size: how many they are stands below" shows '^ 7 flows'
    keys 4
    check "$size: hosts: bytes that all sent" shows '^ [0-9]+ hosts +7 +4 '
    keys =
    check "$size: = hides them" hides '^ [0-9]+ hosts '
    keys = 1

    # --- groups ---
    keys b
    check "$size: b asks by what" shows '\( \) container +container of the process'
    keys Home
    for _ in 1 2 3 4 5 6; do keys Down; done
    keys Enter
    check "$size: hosts" shows 'by host'
    check "$size: with their flows" shows '^ 192\.0\.2\.10 +6 '
    check "$size: a flow of two hosts counts once in the sum" shows 'groups +7 '
    keys Enter
    check "$size: Enter lists the flows of one" shows 'of host 192\.0\.2\.10.*1–6 of 6'
    keys Escape
    check "$size: Escape leads back" shows 'by host'
    keys b Home Enter
    check "$size: none lists each" shows '1–7 of 7'

    # --- tags ---
    keys g t Down t
    check "$size: two rows are tagged" shows '2 tagged'
    check "$size: with a mark" shows '^•'
    keys s s r
    two_marks() { [ "$(text | grep -c '^•')" = 2 ]; }
    check "$size: in whatever order" until_true 5 two_marks
    keys '*'
    check "$size: * shows them alone" shows 'only 2 tagged.*1–2 of 2'
    keys '*'
    rm -f "$T/out/tagged.csv"
    keys e C-u "$T/out/tagged.csv" Enter
    check "$size: they are what is exported" shows '2 of 2 flows in'
    check "$size: to the file" test "$(wc -l <"$T/out/tagged.csv")" = 3
    keys Y
    check "$size: and copied" shows 'copied: [a-z]+ .*,[a-z]+ '
    keys U
    check "$size: U forgets them" hides 'tagged'

    # --- finding ---
    keys g f 40005
    check "$size: f finds a row" shows '1 rows'
    check "$size: and hides none" shows '1–7 of 7'
    keys Enter
    keys Y
    check "$size: the cursor is on it" shows 'copied: tcp 192\.0\.2\.10:40005'
    keys g f 'proto = udp'
    check "$size: how many have it" shows '[2-9] rows'
    keys Enter Y
    check "$size: the first of them" shows 'copied: udp 192\.0\.2\.10:4000[67]'
    copied() { text | grep -o 'copied: udp .*'; }
    first=$(copied)
    moved() { keys Y; sleep 0.1; [ -n "$(copied)" ] && [ "$(copied)" != "$first" ]; }
    back() { keys Y; sleep 0.1; [ "$(copied)" = "$first" ]; }
    keys n
    check "$size: n goes to the next" until_true 5 moved
    keys N
    check "$size: N back" until_true 5 back
    keys f 'nosuch > 1'
    check "$size: what is wrong is said" shows 'nosuch'
    keys Escape

    # --- filters with names ---
    keys / 'port = 40005' Enter + refused Enter
    check "$size: + gives the filter a name" until_true 5 kept "filter refused port = 40005"
    keys c
    check "$size: all again" shows '1–7 of 7'
    keys : refu Enter
    check "$size: :NAME takes it" shows 'filter: port = 40005.*1–1 of 1'
    keys c / Up
    check "$size: the prompt remembers what was typed" shows '1 of 7'
    keys Escape F
    check "$size: F lists them" shows 'refused +port = 40005'
    keys d Escape
    gone() { ! grep -q '^filter' "$config"; }
    check "$size: d forgets one" until_true 5 gone
    keys q

    # --- the tree ---
    with_config "$size" samples/processes.pcapng
    keys 2 -
    check "$size: folding needs a tree" shows 'no tree now: T makes one'
    keys T -
    check "$size: and something below" shows 'nothing is below'
    keys q

    # --- names of every script ---
    python3 tests/screen/names_capture.py write "$T/names.pcapng"
    chmod a+r "$T/names.pcapng"
    with_config "$size" "$T/names.pcapng"
    check "$size: names of every script" shows 'plain'
    look() { text | python3 tests/screen/names_capture.py aligned "$1"; }
    check "$size: columns stay aligned" look '198.51.100.77'
    check "$size: what is right-aligned, too" look ' 443 '
    check "$size: what would turn the line round is shown as it is" shows '\\x'
    keys q
done

# --- who may not write is told, and nothing is left behind ---
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$T/roots/socklens"
    chmod 0755 "$T" "$T/roots" "$T/roots/socklens"
    start 100 24 env XDG_CONFIG_HOME="$T/roots" "$socklens" -r samples/mixed.pcapng
    check "seven flows" shows '7 flows'
    keys C Space Escape
    check "who may not write is told as whom" shows 'until the end only: user [0-9]+ may not'
    check "and nothing is left there" test -z "$(ls "$T/roots/socklens")"
    keys q
    # sudo's HOME is root's: the configuration is that of the person behind it
    mkdir -p "$T/roots-home/.config/socklens"
    echo 'theme nosuch' >"$T/roots-home/.config/socklens/config"
    start 100 24 env -u XDG_CONFIG_HOME HOME="$T/roots-home" SUDO_UID=65534 "$socklens" -r samples/mixed.pcapng
    check "under sudo it is not root's configuration that counts" shows '7 flows'
    check "nor is it told" hides 'nosuch'
    keys q
fi
tap_end
