#!/usr/bin/env bash
# Runs every test of the repository: builds once, checks the formatting, starts a throw-away PostgreSQL server and stops it again.
# Needs the .NET 10 SDK. Ends with one line "N passed, N failed"; the exit code is not 0 when anything failed or a project ran no test.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
configuration=Release
work='' # everything temporary, the server's data included
child='' # process group of the step that runs now
server_bin='' server_user='' server_data=''

usage() {
    cat <<'TEXT'
Usage: ./test.sh [options] [project ...]

  project              only these test projects, by any part of their name: ./test.sh Runtime Generator
  --filter EXPRESSION  only these tests, as 'dotnet test --filter' takes it: ./test.sh --filter FullyQualifiedName~Quota
  --no-build           the last build is good enough
  --no-format          without 'dotnet format --verify-no-changes' (always so when projects or a filter are named)
  -h, --help           this text

RELIABLE_TEST_POSTGRES=<connection string of an administrator> uses that PostgreSQL server instead of a throw-away one.
TEXT
}

say() { printf '==> %s\n' "$*"; }
die() { printf 'test.sh: %s\n' "$*" >&2; exit 1; }
give_up() { printf 'test.sh: %s\n' "$*" >&2; echo '0 passed, 1 failed'; exit 1; }

# ---------------------------------------------------------------------------------------------------------------- processes

# Runs a step in a process group of its own, so that everything it started can be ended, and a signal to this script is answered at once.
run() {
    local status=0
    set -m
    "$@" </dev/null &
    child=$!
    set +m
    wait "$child" || status=$?
    child=''
    return "$status"
}

as_server_user() {
    if [ -z "$server_user" ]; then
        (cd "$work" && "$@")
    elif command -v runuser >/dev/null; then
        (cd "$work" && runuser -u "$server_user" -- "$@")
    else
        (cd "$work" && su -s /bin/sh "$server_user" -c "$(printf '%q ' "$@")")
    fi
}

cleanup() {
    local status=$?
    trap - EXIT
    trap '' HUP INT TERM
    if [ -n "$child" ]; then
        kill -TERM -- "-$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
    if [ -n "$server_data" ] && [ -f "$server_data/postmaster.pid" ]; then
        as_server_user "$server_bin/pg_ctl" -D "$server_data" -s -m immediate -w -t 30 stop >/dev/null 2>&1 || true
    fi
    if [ -n "$work" ]; then
        rm -rf -- "$work"
    fi
    exit "$status"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# ---------------------------------------------------------------------------------------------------------------- arguments

filter='' build=yes format=yes names=()
while [ $# -gt 0 ]; do
    case $1 in
        --filter) [ $# -gt 1 ] || die "--filter needs an expression."; filter=$2; shift ;;
        --filter=*) filter=${1#*=} ;;
        --no-build) build=no ;;
        --no-format) format=no ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; die "there is no option '$1'." ;;
        *) names+=("$1") ;;
    esac
    shift
done
if [ -n "$filter" ] || [ ${#names[@]} -gt 0 ]; then
    format=no
fi

projects=()
for file in "$root"/tests/*/*.csproj; do
    project=$(basename "$file" .csproj)
    if [ ${#names[@]} -eq 0 ]; then
        projects+=("$project")
        continue
    fi
    for name in "${names[@]}"; do
        case $project in
            *"$name"*) projects+=("$project"); break ;;
        esac
    done
done
[ ${#projects[@]} -gt 0 ] || die "no test project matches '${names[*]}'."

# ---------------------------------------------------------------------------------------------------------------- .NET

find_dotnet() {
    local directory
    if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then
        export HOME="$work/home" DOTNET_CLI_HOME="$work/home"
        mkdir "$HOME"
    fi
    for directory in "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
        if ! command -v dotnet >/dev/null && [ -x "$directory/dotnet" ]; then
            PATH="$directory:$PATH"
        fi
    done
    command -v dotnet >/dev/null || give_up "'dotnet' was not found. Install the .NET 10 SDK (dotnet.microsoft.com) and run ./test.sh again."
    (cd "$root" && dotnet --version >/dev/null) || give_up "the .NET SDK that 'global.json' asks for is not there. Install the .NET 10 SDK and run ./test.sh again."
}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

# ---------------------------------------------------------------------------------------------------------------- PostgreSQL

# The newest directory that has a server in it, PATH first.
find_postgres() {
    local directory
    if command -v initdb >/dev/null && command -v pg_ctl >/dev/null && command -v postgres >/dev/null; then
        dirname "$(command -v initdb)"
        return
    fi
    for directory in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin 2>/dev/null | sort -Vr); do
        if [ -x "$directory/initdb" ] && [ -x "$directory/pg_ctl" ]; then
            echo "$directory"
            return
        fi
    done
    return 1
}

install_postgres() {
    local sudo=''
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" != 0 ]; then
        sudo='sudo -n'
        $sudo true 2>/dev/null || return 1
    fi
    say "PostgreSQL is missing: installing it with apt-get"
    run $sudo apt-get update -q >"$work/apt.log" 2>&1 || true
    run $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql >>"$work/apt.log" 2>&1 \
        || { tail -n 20 "$work/apt.log" >&2; return 1; }
}

# A port nobody listens on. Somebody may take it before the server does: then the next one is tried.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
}

start_postgres() {
    local port attempt
    server_bin=$(find_postgres) || { install_postgres && server_bin=$(find_postgres); } || give_up "PostgreSQL was not found, and could not be installed from here.
    Install its server (Debian, Ubuntu: sudo apt-get install postgresql; Fedora: sudo dnf install postgresql-server; macOS: brew install postgresql),
    or put the directory of 'initdb' and 'pg_ctl' on the PATH,
    or name a server by RELIABLE_TEST_POSTGRES='Host=…;Port=…;Username=…;Password=…;Database=postgres', as an administrator.
    Tests that need no database: ./test.sh Generator Runtime"
    if [ "$(id -u)" = 0 ]; then
        # The server refuses to run as root.
        server_user=nobody
        if id postgres >/dev/null 2>&1; then
            server_user=postgres
        fi
        chmod 711 "$work"
        mkdir "$work/postgres"
        chown "$server_user" "$work/postgres"
    else
        mkdir "$work/postgres"
    fi
    server_data=$work/postgres/data
    as_server_user "$server_bin/initdb" -D "$server_data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$work/initdb.log" 2>&1 \
        || { cat "$work/initdb.log" >&2; give_up "'$server_bin/initdb' failed."; }
    for attempt in 1 2 3 4 5; do
        port=$(free_port)
        if as_server_user "$server_bin/pg_ctl" -D "$server_data" -s -w -t 60 -l "$work/postgres/log" -o "-p $port -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories= -c max_connections=200 -c fsync=on -c log_min_messages=fatal" start >/dev/null 2>&1; then
            export RELIABLE_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres;Timeout=15"
            export PATH="$server_bin:$PATH"
            say "PostgreSQL $("$server_bin/postgres" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/') on 127.0.0.1:$port, as ${server_user:-$(id -un)}, fsync on"
            return
        fi
    done
    cat "$work/postgres/log" >&2 || true
    give_up "the PostgreSQL server did not start (attempt $attempt)."
}

# ---------------------------------------------------------------------------------------------------------------- steps

# The sum of one counter over a project's result files.
count() {
    cat "$work/results/$1"/*.trx 2>/dev/null | sed -n "s/.*<Counters.* $2=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

cd "$root"
work=$(mktemp -d "${TMPDIR:-/tmp}/reliable-tests.XXXXXX")
find_dotnet

needs_postgres=no
for project in "${projects[@]}"; do
    if grep -rqs --include='*.cs' RELIABLE_TEST_POSTGRES "tests/$project"; then
        needs_postgres=yes
    fi
done
if [ "$needs_postgres" = yes ] && [ -z "${RELIABLE_TEST_POSTGRES:-}" ]; then
    start_postgres
fi

broken=0 # steps other than tests that failed
if [ "$build" = yes ]; then
    say "Building, warnings as errors"
    if [ ${#names[@]} -eq 0 ]; then
        run dotnet build Reliable.sln -c "$configuration" -warnaserror -v quiet -clp:NoSummary || give_up "the build failed."
    else
        for project in "${projects[@]}"; do
            run dotnet build "tests/$project" -c "$configuration" -warnaserror -v quiet -clp:NoSummary || give_up "the build of $project failed."
        done
    fi
fi
if [ "$format" = yes ]; then
    say "Checking the formatting"
    if ! run dotnet format Reliable.sln --verify-no-changes --no-restore; then
        echo "The formatting is not clean: run 'dotnet format'." >&2
        broken=$((broken + 1))
    fi
fi

table='' passed_all=0 failed_all=0 skipped_all=0
for project in "${projects[@]}"; do
    say "$project"
    started=$SECONDS status=0
    arguments=(test "tests/$project/$project.csproj" -c "$configuration" --no-build --no-restore --nologo
        --logger trx --results-directory "$work/results/$project" --blame-hang-timeout 5m --blame-hang-dump-type none)
    if [ -n "$filter" ]; then
        arguments+=(--filter "$filter")
    fi
    run dotnet "${arguments[@]}" || status=$?
    passed=$(count "$project" passed) failed=$(count "$project" failed) total=$(count "$project" total)
    skipped=$((total - passed - failed))
    remark=''
    if [ "$total" -eq 0 ] && [ -z "$filter" ]; then
        remark='ran no test'
    elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ] && [ "$total" -gt 0 ]; then
        remark="ended with exit code $status"
    fi
    if [ -n "$remark" ]; then
        failed=$((failed + 1)) # a project that did not run, or did not end well, is a failure by itself
    fi
    passed_all=$((passed_all + passed)) failed_all=$((failed_all + failed)) skipped_all=$((skipped_all + skipped))
    table+=$(printf '%-32s %7d %7d %7d %6ds  %s' "$project" "$passed" "$failed" "$skipped" $((SECONDS - started)) "$remark")$'\n'
done
failed_all=$((failed_all + broken))

printf '\n%-32s %7s %7s %7s %7s\n%s' project passed failed skipped time "$table"
if [ "$broken" -gt 0 ]; then
    printf '%-32s %7s %7d\n' 'formatting' '' "$broken"
fi
printf '%-32s %7s %7s %7s %6ds\n\n' all "$passed_all" "$failed_all" "$skipped_all" "$SECONDS"
summary="$passed_all passed, $failed_all failed"
if [ "$skipped_all" -gt 0 ]; then
    summary+=", $skipped_all skipped"
fi
echo "$summary"
[ "$failed_all" -eq 0 ] && [ "$passed_all" -gt 0 ]
