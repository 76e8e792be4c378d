# The system tools suites need: how to see whether one is there, and the Debian packages that bring it.
# shellcheck shell=bash

# shellcheck source=tests/runner/s3.sh
source "$ROOT/tests/runner/s3.sh"

# Whether a tool is there and new enough.
have() {
    case $1 in
    cargo) command -v cargo >/dev/null && rust_is_new_enough ;;
    rustfmt) cargo fmt --version >/dev/null 2>&1 ;;
    clippy) cargo clippy --version >/dev/null 2>&1 ;;
    cargo-deny) cargo deny --version >/dev/null 2>&1 ;;
    jdk) command -v javac >/dev/null && command -v java >/dev/null ;;
    node) command -v node >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' ;;
    libcrypto) pkg-config --exists libcrypto 2>/dev/null ;;
    postgres) [[ -x /usr/lib/postgresql/15/bin/initdb ]] ;;
    cjk-fonts) compgen -G '/usr/share/fonts/*/*/NotoSansCJK*' >/dev/null ;;
    swift) "$ROOT/tests/runner/swift.sh" --ready ;;
    s3-server) s3_installed ;;
    # Debian's own Python, whose packages apt brings, whatever comes first on PATH.
    pyvenv) /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    # Debian's Rust with the source of its standard library, beside any other Rust.
    rust-src) [[ -x /usr/bin/cargo && -x /usr/bin/rustc ]] && compgen -G '/usr/src/rustc-*/library/Cargo.lock' >/dev/null ;;
    pysetuptools) /usr/bin/python3 -c 'import setuptools, wheel' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# The packages of Debian 12 for a tool. Its package "cargo" is far too old; the "-web" set, kept current for browsers, is not.
packages() {
    case $1 in
    cargo) echo cargo-web rustc-web ;;
    rustfmt) echo rustfmt-web ;;
    clippy) echo rust-web-clippy ;;
    cc) echo gcc libc6-dev ;;
    jdk) echo openjdk-17-jdk-headless ;;
    mvn) echo maven ;;
    node) echo nodejs ;;
    libcrypto) echo pkg-config libssl-dev ;;
    postgres) echo postgresql-15 ;;
    cjk-fonts) echo fonts-noto-cjk ;;
    pdftotext) echo poppler-utils ;;
    vipsthumbnail) echo libvips-tools ;;
    cargo-deny) ;;
    swift) echo debootstrap ;;
    s3-server) echo python3-venv ;;
    pyvenv) echo python3-venv ;;
    rust-src) echo cargo-web rustc-web rust-web-src ;;
    pysetuptools) echo python3-setuptools python3-wheel ;;
    strip) echo binutils ;;
    *) echo "$1" ;;
    esac
}

# The oldest Rust the workspace allows, from Cargo.toml.
oldest_rust() {
    sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$ROOT/Cargo.toml"
}

rust_is_new_enough() {
    local version
    version=$(cargo --version | cut -d' ' -f2)
    printf '%s\n' "$(oldest_rust)" "$version" | sort --version-sort --check=quiet
}

# Brings what lacks, or says what is missing and how to get it. Every missing tool is named before it fails.
ensure_tools() {
    local tool lacking=() install=() missing=0
    for tool in "$@"; do
        have "$tool" || lacking+=("$tool")
    done
    ((${#lacking[@]})) || return 0
    if [[ -z ${DOORSTEP_NO_INSTALL:-} ]]; then
        for tool in "${lacking[@]}"; do
            if [[ $tool == cargo-deny ]]; then
                cargo install cargo-deny --locked || true
            elif [[ $tool == swift ]]; then
                { command -v debootstrap >/dev/null || apt_install debootstrap; } &&
                    "$ROOT/tests/runner/swift.sh" --make || true
            elif [[ $tool == s3-server ]]; then
                { have pyvenv || apt_install python3-venv; } && s3_install || true
            elif [[ $tool =~ ^(cargo|rustfmt|clippy)$ ]] && command -v rustup >/dev/null; then
                install_with_rustup "$tool" || true
            elif [[ $tool == cargo ]] && command -v cargo >/dev/null; then
                : # Somebody's own old Rust: theirs to replace.
            else
                # shellcheck disable=SC2046  # one word per package
                install+=($(packages "$tool"))
            fi
        done
        ((${#install[@]} == 0)) || apt_install "${install[@]}" || true
        hash -r
    fi
    for tool in "${lacking[@]}"; do
        have "$tool" && continue
        missing=1
        echo "missing tool: $(describe "$tool")"
    done
    ((missing == 0))
}

install_with_rustup() {
    case $1 in
    cargo) rustup toolchain install stable --profile minimal ;;
    *) rustup component add "$1" ;;
    esac
}

apt_install() {
    local as_root=()
    ((EUID == 0)) || as_root=(sudo -n)
    command -v apt-get >/dev/null || return 1
    echo "installing: $*"
    "${as_root[@]}" apt-get update -qq </dev/null || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null
}

describe() {
    case $1 in
    cargo)
        echo "Rust $(oldest_rust) or later (found: $(cargo --version 2>/dev/null || echo none));" \
            "Debian 12: $(packages cargo), not its package 'cargo', which is 0.66; elsewhere: rustup"
        ;;
    cargo-deny) echo "cargo-deny; cargo install cargo-deny --locked" ;;
    swift) echo "Swift 6, in a root of Debian 13: tests/runner/swift.sh --make (as root, with debootstrap, 3 GB)" ;;
    s3-server) echo "moto, an S3 server: pip install moto[s3] flask flask-cors into $S3_VENV" ;;
    *) echo "$1; Debian 12: $(packages "$1")" ;;
    esac
}
