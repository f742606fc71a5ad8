#!/bin/bash
# A newcomer's first minutes, in a Debian 12 root that has nothing but make and git: clone, `make run` in a
# terminal shows an exchange on loopback with the processes of both ends, `make run` without a terminal
# reports and ends. Usage: tests/full/clean_root.sh [BUILD]. TAP. Needs root, debootstrap, tmux, python3.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

if [ "$(id -u)" != 0 ]; then
    skip "clean root" "making a Debian root needs root"
    tap_end
fi

root=$(mktemp -d)
chmod 755 "$root" # the program drops root and must still find its files
socket=socklens-clean-$$
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    tmux -L $socket kill-server 2>/dev/null
    for m in sys dev proc; do umount -l "$root/$m" 2>/dev/null; done
    rm -rf --one-file-system "$root"
}
trap cleanup EXIT

make_root() {
    debootstrap --variant=minbase --include=make,git bookworm "$root" &&
        for m in proc sys dev; do mount --rbind /$m "$root/$m" && mount --make-rslave "$root/$m"; done &&
        cp /etc/resolv.conf "$root/etc/" && copy_apt_transport &&
        git clone -q --no-hardlinks . "$root/socklens"
}

# The machine may reach Debian's packages through settings of its own; the root needs the same.
copy_apt_transport() {
    local f
    for f in /etc/apt/apt.conf.d/*; do
        grep -qsiE 'proxy|Verify|CaInfo' "$f" && cp "$f" "$root/etc/apt/apt.conf.d/"
    done
    return 0
}

in_root() {
    chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=screen LANG=C.UTF-8 "$@"
}

exchange() { # a server that stays, a client that comes and goes; fresh connection each time
    curl -s -o /dev/null --max-time 2 http://127.0.0.1:18473/ || python3 -c \
        'import urllib.request as u; u.urlopen("http://127.0.0.1:18473/", timeout=2).read()'
}

screen() {
    tmux -L $socket capture-pane -p -t clean
}

both_ends_shown() {
    exchange
    sleep 1
    screen | grep -qE "(curl|python3) +[0-9]+ .*127\.0\.0\.1 +18473 +pytho[^ ]* +$server "
}

check "a root with only make and git" make_root
python3 -m http.server 18473 --bind 127.0.0.1 --directory /usr/share/doc >/dev/null 2>&1 &
server=$!
check "make run without a terminal reports and ends" \
    timeout 420 bash -c "$(declare -f in_root); root=$root; in_root make -C /socklens run </dev/null 2>&1 | tee $root/report.txt | cat; grep -qE 'packets captured, [0-9]+ flows' $root/report.txt"
tmux -L $socket new-session -d -s clean -x 160 -y 40 \
    "chroot $root env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=screen LANG=C.UTF-8 make -C /socklens run; sleep 60"
check "make run opens the dashboard, both ends of a loopback exchange have their process" \
    until_true 30 both_ends_shown
screen | sed 's/^/# /'
tap_end
