#!/usr/bin/env bash
# A C compiler for phone targets where their toolchains are not: zig, with what only Apple's and Android's clang know left
# out. What it makes is good for checking Rust, not for a phone.
#
#   ZIG (the command), ZIG_TARGET (its name of the target); the rest is what a build script says to its compiler
set -euo pipefail

kept=()
while (($#)); do
    case $1 in
    --target=* | -march=* | -m*-version-min=* | -mthumb | -fembed-bitcode*) ;;
    -isysroot | -arch | -target) shift ;;
    *) kept+=("$1") ;;
    esac
    shift
done
# shellcheck disable=SC2086  # ZIG is a command of several words
exec $ZIG cc -target "$ZIG_TARGET" "${kept[@]}"
