#!/usr/bin/env bash
# Swift on Debian 12: runs a command in a root of Debian 13, whose packages have Swift 6, made once beside this system.
#
#   tests/runner/swift.sh --make           makes the root, when it is not there (3.2 GB, about a minute)
#   tests/runner/swift.sh --ready          whether it is there
#   tests/runner/swift.sh COMMAND...       runs a command in it, with the repository at its own path, from this folder
#
# The root is ~/.cache/doorstep/swift-trixie, or DOORSTEP_SWIFT_ROOT. Mounts live in a namespace of their own and end
# with the command. Variables named DOORSTEP_* and LD_LIBRARY_PATH come along.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$repository/target}
root=${DOORSTEP_SWIFT_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/doorstep/swift-trixie}
packages=(swiftlang libc6-dev libstdc++-14-dev binutils git)

# Where this system gets its own packages.
mirror() {
    local found
    found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +(https?:[^ ]+\/debian\/?)( .*)?$/\3/p' | head -n 1)
    echo "${found:-http://deb.debian.org/debian}"
}

make_root() {
    local part=$root.part
    mkdir -p "$(dirname "$root")"
    exec 8>"$root.lock"
    flock 8
    [[ ! -e $root/.ready ]] || return 0
    echo "making a root of Debian 13 with Swift in $root"
    rm -rf --one-file-system "$part" "$root"
    debootstrap --variant=minbase --include=ca-certificates trixie "$part" "$(mirror)"
    # How this system reaches its packages: proxies, certificates, names.
    cp -a /etc/apt/apt.conf.d/. "$part/etc/apt/apt.conf.d/"
    [[ ! -e /etc/apt/apt.conf ]] || cp /etc/apt/apt.conf "$part/etc/apt/"
    cp -L /etc/resolv.conf "$part/etc/resolv.conf"
    in_root "$part" / env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
    in_root "$part" / swift --version
    in_root "$part" / apt-get clean
    touch "$part/.ready"
    mv "$part" "$root"
}

# in_root ROOT FOLDER COMMAND...
in_root() {
    local in=$1 folder=$2
    shift 2
    mkdir -p "$target" "$in$repository" "$in$target" "$in/proc" "$in/dev"
    # shellcheck disable=SC2016  # the variables are the inner shell's
    unshare --mount bash -c '
        set -euo pipefail
        in=$1 repository=$2 target=$3 folder=$4
        shift 4
        mount --rbind /dev "$in/dev"
        mount -t proc proc "$in/proc"
        mount --bind "$repository" "$in$repository"
        [[ $target/ == "$repository"/* ]] || mount --bind "$target" "$in$target"
        kept=()
        for name in ${!DOORSTEP_@} LD_LIBRARY_PATH; do
            [[ -z ${!name:-} ]] || kept+=("$name=${!name}")
        done
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb "${kept[@]}" \
            chroot "$in" /bin/bash -c "cd \"\$1\" && shift && exec \"\$@\"" bash "$folder" "$@"
    ' bash "$in" "$repository" "$target" "$folder" "$@"
}

if ((EUID != 0)); then
    exec sudo -n --preserve-env -- "${BASH_SOURCE[0]}" "$@"
fi
case ${1:-} in
--ready) [[ -e $root/.ready ]] ;;
--make) make_root ;;
'' | --*)
    sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
*)
    [[ -e $root/.ready ]] || { echo "there is no Swift: tests/runner/swift.sh --make" >&2; exit 1; }
    folder=$PWD
    [[ $folder/ == "$repository"/* ]] || folder=$repository
    in_root "$root" "$folder" "$@"
    ;;
esac
