#!/bin/bash
# Manual pages and completions, made from the program's rows. Usage: tests/golden/manual.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
socklens=$(readlink -f "$1")/socklens
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
"$socklens" generate manual >"$T/socklens.1"
"$socklens" generate manual-filter >"$T/socklens-filter.7"
for shell in bash zsh fish; do "$socklens" generate $shell >"$T/$shell"; done

silent() { # COMMAND...: succeeds and says nothing
    local said
    said=$("$@" 2>&1) && [ -z "$said" ] || { echo "$said" | head -20; return 1; }
}

sets() { groff -man -ww -Tutf8 "$1" 2>&1 >/dev/null; }
shows() { # PAGE WORDS: the page as one reads it has them on one line
    groff -man -Tutf8 -P-c "$T/$1" 2>/dev/null | sed 's/.\x08//g' | tr '‐−' '--' | grep -qF -- "$2"
}
for page in socklens.1 socklens-filter.7; do
    if command -v groff >/dev/null; then check "$page: groff has no warning" silent sets "$T/$page"; else
        skip "$page: groff has no warning" "groff is not installed"; fi
    if command -v mandoc >/dev/null; then check "$page: mandoc has nothing to correct" silent mandoc -T lint "$T/$page"; else
        skip "$page: mandoc has nothing to correct" "mandoc is not installed"; fi
done

tells_all() { # every option of every help stands in the page
    local option
    for option in $("$socklens" help report | grep -o '^ .*' | grep -oE -- '(^| )--[a-z-]+ ' | sort -u); do
        grep -qF -- "${option//-/\\-}" "$T/socklens.1" || { echo "no $option"; return 1; }
    done
}
check "every option is in the page" tells_all
if command -v groff >/dev/null; then
    check "an option reads as it is typed" shows socklens.1 "-r, --read FILE"
    check "a regular expression reads as it is typed" shows socklens-filter.7 'sni ~ (^|\.)example\.org$'
else
    skip "as it is typed" "groff is not installed"
fi

# completes WORDS... : what bash offers for the last of them
completes() {
    bash -c '. "$0"; COMP_WORDS=(socklens "$@"); COMP_CWORD=$#; _socklens; printf "%s\n" "${COMPREPLY[@]}"' "$T/bash" "$@"
}
offers() { # WORD WORDS...
    local want=$1
    shift
    completes "$@" | grep -qxF -- "$want" || { completes "$@"; return 1; }
}
check "bash: commands" offers report rep
check "bash: options of a command" offers --group-by report --gro
check "bash: not those of others" eval '! offers --theme report --the >/dev/null'
check "bash: the default command's" offers --theme --the
check "bash: formats" offers zeek-json report --format ze
check "bash: files" offers samples/web.pcap report -r samples/we
check "bash: topics" offers losses list lo
for shell in zsh fish; do
    if command -v $shell >/dev/null; then check "$shell: its shell reads it" silent $shell -n "$T/$shell"; else
        skip "$shell: its shell reads it" "$shell is not installed"; fi
done
if command -v fish >/dev/null; then
    fish_offers() {
        HOME=$T fish -c "source $T/fish; complete -C 'socklens report --format ze'" | grep -q '^zeek-json'
    }
    check "fish: formats" fish_offers
else
    skip "fish: formats" "fish is not installed"
fi

installs() {
    make -s install -o "$socklens" BUILD="$(dirname "$socklens")" DESTDIR="$T/root" PREFIX=/usr >/dev/null &&
        (cd "$T/root/usr" && ls bin/socklens share/man/man1/socklens.1 share/man/man7/socklens-filter.7 \
            share/bash-completion/completions/socklens share/zsh/site-functions/_socklens \
            share/fish/vendor_completions.d/socklens.fish) &&
        make -s uninstall BUILD="$(dirname "$socklens")" DESTDIR="$T/root" PREFIX=/usr &&
        [ -z "$(find "$T/root" -type f)" ]
}
check "make install and uninstall" installs
tap_end
