# shellcheck shell=bash
# Functions for the scripts beside this file. Source it: . "$(dirname "$0")/lib.sh"
#
# An outside part is a real server or client that tests run against. Each script installs what it
# needs when that is missing, prints KEY=VALUE lines on standard output and everything else on
# standard error. npm and PyPI parts live in the cache folder PORTICO_PARTS; Debian packages are
# installed by apt when the user is root.

set -euo pipefail
unset AWS_CA_BUNDLE # rclone refuses to start with it, and no part speaks TLS to a foreign host.

# shellcheck disable=SC2034 # The scripts that source this use it.
PARTS_SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PARTS=${PORTICO_PARTS:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/portico-parts}
mkdir -p "$PARTS" || { echo "The cache folder $PARTS cannot be made: set PORTICO_PARTS to a folder you may write." >&2; exit 1; }
PARTS=$(cd "$PARTS" && pwd)

log() { echo "# $*" >&2; }
kv() { printf '%s=%s\n' "$1" "$2"; }

# give_up WHAT LOG HOW...   prints what is missing, why, and what to do
give_up() {
  local what=$1 log=$2
  shift 2
  { echo; echo "Missing outside part: $what"; } >&2
  if [ -s "$log" ]; then { echo "The last lines of $log:"; tail -n 5 "$log" | sed 's/^/    /'; } >&2; fi
  printf '%s\n' "$@" "'./test --quick' runs everything that needs no outside part." >&2
  exit 1
}

# need_command COMMAND PACKAGE   requires a tool that the scripts themselves use
need_command() {
  command -v "$1" >/dev/null 2>&1 || need_packages "$1" "$2"
}

# need_packages PROBE PACKAGE...   installs Debian packages if PROBE (a command or a path) is missing
need_packages() {
  local probe=$1 log=$PARTS/apt.log
  shift
  if command -v "$probe" >/dev/null 2>&1 || [ -e "$probe" ]; then return 0; fi
  command -v apt-get >/dev/null 2>&1 ||
    give_up "$probe" /dev/null "This system has no apt-get. Install what Debian calls: $*"
  [ "$(id -u)" = 0 ] ||
    give_up "$probe" /dev/null "Installing it needs root. Run once: sudo apt-get install --no-install-recommends $*"
  log "installing $* (Debian)"
  local install=(apt-get -o DPkg::Lock::Timeout=600 -qq -y --no-install-recommends install "$@")
  # RUNLEVEL=1: no package starts its daemon. Package lists may be missing or old: update them and retry.
  (
    flock 9
    export RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive
    "${install[@]}" >"$log" 2>&1 </dev/null ||
      { apt-get -o DPkg::Lock::Timeout=600 -qq update && "${install[@]}"; } >"$log" 2>&1 </dev/null
  ) 9>"$PARTS/apt.lock" ||
    give_up "$probe" "$log" "apt-get could not install: $*" \
      "Without a network, install these packages by hand or from a mirror, then run again."
}

# once FOLDER WANTED INSTALL...   runs INSTALL in FOLDER unless exactly WANTED is in it already
once() {
  local folder=$1 wanted=$2
  shift 2
  if [ "$(cat "$folder/.holds" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  mkdir -p "$folder"
  (
    flock 9
    if [ "$(cat "$folder/.holds" 2>/dev/null)" = "$wanted" ]; then exit 0; fi
    log "installing $wanted"
    cd "$folder"
    "$@" >install.log 2>&1 </dev/null || exit 1
    printf '%s' "$wanted" >.holds
  ) 9>"$folder/.lock" ||
    give_up "$wanted" "$folder/install.log" "It is fetched once and kept in $folder." \
      "Without a network, copy that folder from a machine that has it, or set PORTICO_PARTS to a copy."
}

# need_npm NAME PACKAGE@VERSION...   installs into $PARTS/npm-NAME/node_modules
need_npm() {
  local folder=$PARTS/npm-$1
  shift
  need_command npm npm
  # Without a network npm would retry for minutes, for each part.
  once "$folder" "$*" npm install --prefix "$folder" --no-audit --no-fund --loglevel=error --ignore-scripts \
    --no-update-notifier --fetch-retries=1 --fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=5000 "$@"
}

# need_pip NAME PACKAGE==VERSION...   installs into the virtual environment $PARTS/py-NAME
need_pip() {
  local folder=$PARTS/py-$1
  shift
  need_command python3 python3
  python3 -c 'import ensurepip' 2>/dev/null || need_packages no-ensurepip python3-venv
  once "$folder" "$*" install_pip "$folder" "$@"
}

install_pip() {
  local folder=$1
  shift
  python3 -m venv --clear "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 "$@"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# listens PORT   tells whether something accepts connections on the port of this machine
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_for SECONDS COMMAND...   waits until COMMAND succeeds
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ]; then log "timed out: $*"; return 1; fi
    sleep 0.1
  done
}
