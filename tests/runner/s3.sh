# An S3 server of our own: moto's, from PyPI, in an environment outside of the tree; on loopback and a free port, gone at
# the end. It keeps what it is given in memory.
# shellcheck shell=bash

S3_VENV=${DOORSTEP_S3_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/doorstep/s3-server}
S3_PID=""

# Whether it is installed, in the version the tests were written with.
s3_installed() {
    [[ -x $S3_VENV/bin/moto_server ]] &&
        "$S3_VENV/bin/python" -c 'import moto.server, sys; sys.exit(moto.__version__ != "5.2.5")' 2>/dev/null
}

# Installs it.
s3_install() {
    /usr/bin/python3 -m venv "$S3_VENV" &&
        "$S3_VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
            "moto[s3]==5.2.5" "flask==3.1.3" "flask-cors==6.0.5"
}

# s3_start starts one with a bucket, and exports for the tests what an operator's server is told, and
#   DOORSTEP_S3_SERVER   the program, for tests that start and kill their own
s3_start() {
    local port
    trap s3_stop EXIT
    for _ in {1..20}; do
        port=$((20000 + RANDOM % 20000))
        "$S3_VENV/bin/moto_server" -H 127.0.0.1 -p "$port" >/dev/null 2>&1 &
        S3_PID=$!
        for _ in {1..150}; do
            if curl --silent --fail --request PUT "http://127.0.0.1:$port/photos" --output /dev/null; then
                export DOORSTEP_S3_SERVER="$S3_VENV/bin/moto_server" AWS_ENDPOINT_URL="http://127.0.0.1:$port"
                export AWS_ALLOW_HTTP=true AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
                return 0
            fi
            kill -0 "$S3_PID" 2>/dev/null || break
            sleep 0.2
        done
        s3_stop
    done
    echo "the S3 server did not start"
    return 1
}

s3_stop() {
    if [[ -n $S3_PID ]]; then
        kill "$S3_PID" 2>/dev/null || true
        wait "$S3_PID" 2>/dev/null || true
        S3_PID=""
    fi
}
