# A PostgreSQL of our own: a cluster in a temporary folder, on loopback and a free port, gone at the end. With it a second
# one that follows it, so that tests can pull from a replica.
# shellcheck shell=bash

PG_BIN=/usr/lib/postgresql/15/bin
PG_WORK=""

# Runs a command as somebody PostgreSQL will run for: it refuses root.
pg_as() {
    if ((EUID == 0)); then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

# postgres_start makes and starts both, and exports for the tests:
#   DOORSTEP_POSTGRES           an address under which databases can be made; its role is no superuser
#   DOORSTEP_POSTGRES_REPLICA   the same on the second one
postgres_start() {
    PG_WORK=$(mktemp -d)
    chmod 755 "$PG_WORK"
    if ((EUID == 0)); then chown postgres "$PG_WORK"; fi
    trap postgres_stop EXIT
    local password port settings
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && pg_as tee "$PG_WORK/password" <<<"$password" >/dev/null)
    pg_as "$PG_BIN/initdb" --pgdata="$PG_WORK/primary" --username=postgres --pwfile="$PG_WORK/password" \
        --auth=scram-sha-256 --encoding=UTF8 --no-locale --no-instructions >/dev/null
    settings="-c fsync=on -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300"
    settings+=" -c shared_buffers=64MB -c wal_keep_size=256MB -c max_standby_streaming_delay=-1"
    pg_serve primary "$settings"
    port=$PG_PORT
    export PGPASSWORD=$password
    "$PG_BIN/psql" --quiet --no-psqlrc --host=127.0.0.1 --port="$port" --username=postgres --dbname=template1 \
        --set=ON_ERROR_STOP=1 --set=password="$password" <<'SQL'
CREATE ROLE doorstep LOGIN CREATEDB PASSWORD :'password';
GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume() TO doorstep;
SQL
    pg_as env PGPASSWORD="$password" "$PG_BIN/pg_basebackup" --host=127.0.0.1 --port="$port" --username=postgres \
        --pgdata="$PG_WORK/replica" --write-recovery-conf --checkpoint=fast
    pg_serve replica "$settings"
    unset PGPASSWORD
    export DOORSTEP_POSTGRES="postgres://doorstep:$password@127.0.0.1:$port/postgres"
    export DOORSTEP_POSTGRES_REPLICA="postgres://doorstep:$password@127.0.0.1:$PG_PORT/postgres"
}

# pg_serve NAME SETTINGS starts the cluster in a folder on a port that is free; the port is in PG_PORT.
pg_serve() {
    local try
    for try in {1..20}; do
        PG_PORT=$((20000 + RANDOM % 20000))
        if pg_as "$PG_BIN/pg_ctl" start --silent --wait --pgdata="$PG_WORK/$1" --log="$PG_WORK/$1.log" \
            --options="$2 -p $PG_PORT"; then
            return 0
        fi
        grep -q "could not bind" "$PG_WORK/$1.log" || break
        : >"$PG_WORK/$1.log"
    done
    cat "$PG_WORK/$1.log"
    echo "PostgreSQL did not start ($try)"
    return 1
}

# Ends both, each by the process its own folder names, and takes the folder away.
postgres_stop() {
    local name
    for name in replica primary; do
        if [[ -f $PG_WORK/$name/postmaster.pid ]]; then
            pg_as "$PG_BIN/pg_ctl" stop --silent --mode=immediate --pgdata="$PG_WORK/$name" || true
        fi
    done
    rm -rf "$PG_WORK"
}
