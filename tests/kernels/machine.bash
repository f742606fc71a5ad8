# Sourced by run.sh: an initramfs for a kernel, and QEMU that boots it. bash.
#
# $cache, $tools (the unpacked packages) and $programs (what the machine runs) are set by the caller.

busybox=$tools/bin/busybox
modules="veth"

# Programs and their libraries, each where the loader expects it
copy_programs() { # ROOT
    local file
    for file in $programs; do
        ldd "$file" | awk '$2 == "=>" { print $3 } /^[[:space:]]*\// { print $1 }'
    done | sort -u | while read -r file; do
        install -D "$file" "$1$file"
    done
    install -D -t "$1/bin" "$busybox" "$(command -v bash)" "$(command -v ip)"
    install -D -t "$1/build" "$build/socklens"
    install -D -t "$1/build/tests/tools" "$build/tests/tools/load" "$build/tests/tools/probe_dump"
}

copy_scripts() { # ROOT
    install -D -m 755 -t "$1" tests/kernels/init
    install -D -m 644 -t "$1/socklens/tests" tests/lib.sh
    install -D -m 644 -t "$1/socklens/tests/live" tests/live/probe_lib.bash
    install -D -m 644 -t "$1/socklens/tests/kernels" tests/kernels/guest.sh
    mkdir -p "$1"/{proc,sys,dev,etc}
    printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$1/etc/passwd"
}

copy_modules() { # ROOT KERNEL-FOLDER
    local version name file
    version=$(ls "$2/lib/modules")
    for name in $modules; do
        file=$(cd "$2" && find lib/modules -name "$name.ko*")
        install -D -m 644 "$2/$file" "$1/$file"
    done
    "$busybox" depmod -b "$1" "$version"
}

# pack KERNEL-FOLDER: its initramfs is KERNEL-FOLDER/initramfs
pack() {
    local root
    root=$(mktemp -d)
    copy_programs "$root" && copy_scripts "$root" && copy_modules "$root" "$1" &&
        (cd "$root" && find . | "$busybox" cpio -o -H newc -R 0:0 | gzip -1) >"$1/initramfs"
    rm -rf "$root"
}

# boot KERNEL-FOLDER SECONDS: until the machine turns itself off. The console is KERNEL-FOLDER/console, the
# second serial port KERNEL-FOLDER/kept. Never KVM: nested, it may hang.
boot() {
    local lib=usr/lib/x86_64-linux-gnu
    LD_LIBRARY_PATH=$tools/$lib:$tools/lib/x86_64-linux-gnu QEMU_MODULE_DIR=$tools/$lib/qemu \
        nice timeout -k 5 "$2" "$tools/usr/bin/qemu-system-x86_64" -L "$tools/usr/share/qemu" \
        -L "$tools/usr/share/seabios" -M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 \
        -nodefaults -nographic -no-reboot -kernel "$1"/boot/vmlinuz-* -initrd "$1/initramfs" \
        -append "console=ttyS0 quiet loglevel=1 panic=-1" \
        -serial "file:$1/console" -serial "file:$1/kept" </dev/null >"$1/qemu.log" 2>&1
}
