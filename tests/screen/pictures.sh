#!/bin/bash
# Whole screens of saved captures against tests/screen/expected/, and docs/SCREENS.md, which is made of them.
# Usage: tests/screen/pictures.sh BUILD; UPDATE=1 writes them anew: read the difference. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens
T=$(mktemp -d)
screen_cleanup() { rm -rf "$T"; }
expected=tests/screen/expected
mkdir -p "$T/config" $expected

{
    cat <<'END'
# The screens

Made by `tests/screen/pictures.sh` from the captures in `samples/`; do not edit. The same keys work live.
END
} >"$T/SCREENS.md"

# picture NAME SIZE KEYS PATTERN SAYS: of the program that `start` has started
picture() {
    local name=$1 size=$2 pattern=$4 says=$5 keys
    set -f # ? is a key
    eval "keys=($3)" # quoted as the shell does, by ourselves
    set +f
    shows 'end of file' 10 || return 1
    for key in "${keys[@]}"; do
        [ "$key" != Enter ] || settled >/dev/null # rows to open one of
        keys "$key"
    done
    shows "$pattern" || return 1
    settled >"$T/now"
    if [ "$says" != - ]; then
        { printf '\n## %s\n\n%s\n\n```text\n' "${name//-/ }" "$says"; cat "$T/now"; echo '```'; } >>"$T/SCREENS.md"
    fi
    [ -z "${UPDATE:-}" ] || cp "$T/now" "$expected/$name-$size.txt"
    diff -u "$expected/$name-$size.txt" "$T/now"
}

# The screen once two looks at it agree, without blanks at the ends of lines.
settled() {
    local before='' now
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        now=$(text | sed 's/ *$//')
        [ "$now" != "$before" ] || break
        before=$now
        sleep 0.12
    done
    printf '%s\n' "$now"
}

trim() { sed 's/^ *//; s/ *$//' <<<"$1"; }
while IFS='|' read -r name size file typed pattern says; do
    case $name in \#* | '') continue ;; esac
    name=$(trim "$name") size=$(trim "$size")
    start "${size%x*}" "${size#*x}" env XDG_CONFIG_HOME="$T/config" "$socklens" -r "samples/$(trim "$file")"
    check "$name at $size" picture "$name" "$size" "$(trim "$typed")" "$(trim "$pattern")" "$(trim "$says")"
done <tests/screen/pictures.txt
[ -z "${UPDATE:-}" ] || cp "$T/SCREENS.md" docs/SCREENS.md
check "docs/SCREENS.md shows these" diff -u docs/SCREENS.md "$T/SCREENS.md"
tap_end
