# Keeps one throw-away server and its folder, and lives on after its owner just long enough to clean up.
#
# Orders come on standard input, one a line, in shell words; each is answered with one line:
#   run COMMAND…     runs a command to its end; the answer is its exit status
#   start COMMAND…   starts the server; the answer is its process id
#   signal SIGNAL    sends the server this signal, which does not end it; the answer is kill's exit status
#   end SIGNAL       ends the server with this signal; the answer is 0
# Standard input ends when the owner lets go or dies, however it dies: then the server is stopped and the
# folder deleted.
#
# $1: where to make the folder; $2: whom to run as instead of root; $3: the signal that stops the server.
set -u
base=$1 user=$2 stop=$3

run() {
    timeout 120 "${as[@]}" "$@" </dev/null >>"$folder/log" 2>&1
    echo $?
}

start() {
    "${as[@]}" "$@" </dev/null >>"$folder/log" 2>&1 &
    echo $!
}

signal() {
    kill -s "$1" "$(jobs -pr)"
    echo $?
}

end() {
    end_server "$1"
    echo 0
}

# The timer is there for a server that does not heed the signal.
end_server() {
    local server timer children=()
    server=$(jobs -pr)
    [[ -n $server ]] || return 0
    if [[ $1 = KILL ]]; then
        read -ra children <"/proc/$server/task/$server/children"
    fi
    kill -s "$1" "$server" "${children[@]}"
    sleep 10 >/dev/null &
    timer=$!
    wait -n "$server" "$timer"
    mapfile -t left < <(jobs -pr)
    kill -s KILL "${left[@]}"
    wait
}

# A PostgreSQL that was killed leaves a segment of shared memory behind; its lock file says which.
free_shared_memory() {
    local segment
    segment=$(sed -n '7s/.* //p' "$folder/data/postmaster.pid") && [[ -n $segment ]] && ipcrm -m "$segment"
}

# A child of the server that is still dying may write into the folder while it is being deleted.
finish() {
    trap '' HUP INT TERM
    end_server "$stop"
    free_shared_memory
    cd /
    for _ in {1..50}; do
        rm -rf "$folder" && break
        sleep 0.1
    done
}

folder=$(mktemp -d "$base/charla-services-XXXXXX") || exit 1
trap finish EXIT
trap 'exit 1' HUP INT TERM
exec 2>>"$folder/log"
cd "$folder" || exit 1

as=(setpriv --pdeathsig KILL)
if [[ $(id -u) = 0 ]]; then
    id "$user" >/dev/null || user=nobody
    chown "$user" "$folder"
    as+=(--reuid "$user" --regid "$(id -g "$user")" --clear-groups)
fi

echo "$folder"
while IFS= read -r order; do
    eval "$order"
done
