# Sourced by run.sh: Debian packages into a cache folder of ours, not into the system. bash.
#
# Needs no root: `apt-get download` and `dpkg -x`. $cache is set by the caller.

# Once more with fresh lists: mirrors drop old versions.
download() {
    apt-get download -qq "$@" && return
    apt-get update -qq && apt-get download -qq "$@"
}

# fetch FOLDER PACKAGE...: unpacked there, once; what apt said stays in $cache/apt.log
fetch() {
    local folder=$1 deb
    shift
    [ ! -e "$folder/.whole" ] || return 0
    rm -rf "$cache/deb"
    mkdir -p "$cache/deb" "$folder"
    (cd "$cache/deb" && download "$@") >>"$cache/apt.log" 2>&1 || return
    for deb in "$cache"/deb/*.deb; do
        dpkg -x "$deb" "$folder" || return
    done
    rm -rf "$cache/deb"
    touch "$folder/.whole"
}

# What a package needs that this system does not have
missing_for() {
    apt-get install -s --no-install-recommends "$1" | awk -v own="$1" '/^Inst/ && $2 != own { print $2 }'
}

# The newest package of a series that the sources have: 6.1 -> linux-image-6.1.0-56-cloud-amd64
kernel_package() {
    apt-cache pkgnames "linux-image-$1." | grep -E -- '-cloud-amd64$' | sort -V | tail -1
}
