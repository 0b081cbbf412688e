#!/usr/bin/env zsh
# Regulars in the background of a Mac: the parts of `./run demo`, started and stopped like a service. Homebrew brings
# Python and Node where they are lacking; PostgreSQL, the object store and Milvus Lite come with the Python packages.
# It runs on Linux too, where its test runs it.
emulate -R zsh
setopt err_exit no_unset pipe_fail

readonly root=${0:A:h:h}
readonly data=${REGULARS_DATA_DIR:-$root/.regulars/data}
readonly told=$data/logs/launcher.json
readonly log=$data/logs/launcher.log
readonly ready_within_s=${REGULARS_READY_WITHIN_S:-1800}

help() {
    cat <<'END'
compose/macos.zsh start [--camera rtsp://…|webcam:0|file:clip.mp4] [--port P]
                          start everything in the background and say where the portal is; the first start installs
compose/macos.zsh stop    stop everything; what was counted is kept
compose/macos.zsh status  say what runs; exit code 0 when the portal answers, 3 when not
compose/macos.zsh logs [PART]
                          follow the log of a part (gateway, worker, …), or of all
compose/macos.zsh camera [INDEX]
                          let macOS ask whether this terminal may use the webcam (0 is the first)
END
}

fail() {
    print -u2 -- "macos.zsh: $1"
    exit ${2:-1}
}

# The launcher writes its process id into the lock of its data folder. Another process that got the number is not it.
launcher() {
    local id
    [[ -s $data/run/lock ]] || return 1
    id=$(<$data/run/lock)
    [[ $(ps -o command= -p $id 2>/dev/null) == *compose.onebox* ]] || return 1
    print -- $id
}

need() {
    local name=$1 formula=$2
    (( $+commands[$name] )) && return
    [[ $OSTYPE == darwin* ]] && (( $+commands[brew] )) || fail "$name is needed and was not found: brew install $formula"
    brew install $formula
}

# macOS asks only a program's first thread, and on behalf of the terminal it was started from: so it is asked here, in
# the foreground, before the worker opens the camera from another thread in the background.
camera() {
    local index=${1:-0}
    [[ $index == <-> ]] || fail "a webcam is named by its number, not '$index'"
    cd $root
    $root/run prepare onebox
    $root/.regulars/venv/bin/python - $index <<'END' || fail "the webcam $index cannot be used: see System Settings > Privacy & Security > Camera"
import sys
from realtime_workers.source import SourceFailedError
from realtime_workers.source_webcam import open_webcam

try:
    open_webcam(int(sys.argv[1])).close()
except SourceFailedError as failure:
    sys.exit(str(failure))
END
    print -- "the webcam $index may be used"
}

start() {
    local id deadline choice=(--no-camera) port=()
    while (( $# )); do
        case $1 in
        --camera) (( $# > 1 )) || fail "--camera needs a source"; choice=(--camera $2) ;;
        --port) (( $# > 1 )) || fail "--port needs a number"; port=(--port $2) ;;
        *) fail "start does not know '$1'" ;;
        esac
        shift 2
    done
    if id=$(launcher); then fail "it runs already, as process $id"; fi
    need python3 python@3.12
    need node node
    [[ ${choice[2]:-} != webcam:* || $OSTYPE != darwin* ]] || camera ${choice[2]#webcam:}
    mkdir -p -m 700 $data
    mkdir -p -m 700 ${told:h}
    (umask 077 && : >$told)
    nohup $root/run demo --json --data $data $choice $port </dev/null >$told 2>>$log &!
    id=$!
    deadline=$(( SECONDS + ready_within_s ))
    until [[ -s $told ]]; do
        kill -0 $id 2>/dev/null || fail "it did not start; the last lines of $log say why: $(tail -n 3 $log)"
        (( SECONDS < deadline )) || fail "it is not ready after $ready_within_s s; see $log"
        sleep 0.5
    done
    $root/.regulars/venv/bin/python -c 'import json, sys
for name, value in json.load(open(sys.argv[1])).items():
    print(f"{name:<9} {value}")' $told
}

stop() {
    local id
    id=$(launcher) || { print -- "nothing runs"; return; }
    kill -TERM $id
    while kill -0 $id 2>/dev/null; do sleep 0.2; done
    print -- "stopped; what was counted is kept in $data"
}

state() {
    local id
    id=$(launcher) || { print -- "nothing runs in $data"; exit 3; }
    print -- "launcher  process $id"
    $root/.regulars/venv/bin/python - $data <<'END' || exit 3
import json, sys, urllib.request
from pathlib import Path

data = Path(sys.argv[1])
told = data / "onebox.json"
url = json.loads(told.read_text())["REGULARS_GATEWAY_URL"] if told.is_file() else ""
for log in sorted((data / "logs").glob("*.log")):
    print(f"log       {log.stem}")
try:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{url}/readyz", timeout=5) as answer:
        answer.read()
except (OSError, ValueError) as failure:
    sys.exit(f"portal    {url} does not answer: {failure}")
print(f"portal    {url} answers")
END
}

logs() {
    local found=($data/logs/${1:-*}.log(N))
    (( $#found )) || fail "there is no log ${1:-} in $data/logs"
    exec tail -n 50 -F -- $found
}

verb=${1:-help}
(( $# == 0 )) || shift
case $verb in
start) start "$@" ;;
stop) stop ;;
status) state ;;
logs) logs "$@" ;;
camera) camera "$@" ;;
help | --help | -h) help ;;
*)
    help >&2
    fail "there is no command '$verb'"
    ;;
esac
