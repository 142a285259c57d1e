#!/usr/bin/env bash
# Starts the simulator. The first start makes a private Python environment, .venv in this folder, and installs what is
# missing; later starts go straight on. All arguments are passed on: ./run_simulator.sh --help
#
# PYTHON=/path/to/python3.13 chooses the Python for a new environment. Exit status 3: the system lacks a package.
# (run_tests.sh reads this file for the functions below.)

set -uo pipefail

script=${BASH_SOURCE[0]}
while [[ -L $script ]]; do
    folder=$(cd -P "$(dirname -- "$script")" && pwd)
    script=$(readlink -- "$script")
    [[ $script == /* ]] || script=$folder/$script
done
root=$(cd -P "$(dirname -- "$script")" && pwd) || exit
venv=$root/.venv
log=$venv/.setup.log

# What Qt loads from the system: library, and the packages of Debian/Ubuntu, Fedora and Arch that bring it.
# desktop_sim/cli/guard.py has the same list.
libraries_any='
    libEGL.so.1             libegl1                 libglvnd-egl            libglvnd
    libGL.so.1              libgl1                  libglvnd-glx            libglvnd
    libglib-2.0.so.0        libglib2.0-0            glib2                   glib2
    libdbus-1.so.3          libdbus-1-3             dbus-libs               dbus
    libfontconfig.so.1      libfontconfig1          fontconfig              fontconfig
    libxkbcommon.so.0       libxkbcommon0           libxkbcommon            libxkbcommon
'
libraries_x11='
    libxcb-cursor.so.0      libxcb-cursor0          xcb-util-cursor         xcb-util-cursor
    libxcb-icccm.so.4       libxcb-icccm4           xcb-util-wm             xcb-util-wm
    libxcb-image.so.0       libxcb-image0           xcb-util-image          xcb-util-image
    libxcb-keysyms.so.1     libxcb-keysyms1         xcb-util-keysyms        xcb-util-keysyms
    libxcb-randr.so.0       libxcb-randr0           libxcb                  libxcb
    libxcb-render-util.so.0 libxcb-render-util0     xcb-util-renderutil     xcb-util-renderutil
    libxcb-shape.so.0       libxcb-shape0           libxcb                  libxcb
    libxcb-xkb.so.1         libxcb-xkb1             libxcb                  libxcb
    libxkbcommon-x11.so.0   libxkbcommon-x11-0      libxkbcommon-x11        libxkbcommon-x11
    libX11-xcb.so.1         libx11-xcb1             libX11-xcb              libx11
'
libraries_wayland='
    libwayland-client.so.0  libwayland-client0      libwayland-client       wayland
    libwayland-cursor.so.0  libwayland-cursor0      libwayland-cursor       wayland
'

say() { printf '%s\n' "$@" >&2; }
die() { say "${@:2}"; exit "$1"; }
is_root() { [[ $EUID == 0 ]]; }

# --- packages of the system ------------------------------------------------------------------------------------------

lacking=() # rows "debian fedora arch"

lacks() { # debian fedora arch
    local row
    for row in ${lacking[@]+"${lacking[@]}"}; do [[ $row == "$1 $2 $3" ]] && return; done
    lacking+=("$1 $2 $3")
}

check_libraries() { # any|x11|wayland …: what of these tables is not there goes to `lacking`
    local cache table group library debian fedora arch kind='libc6'
    # One look into the loader's cache; only what is not in there is really tried, which needs Python.
    cache=$(/sbin/ldconfig -p 2>/dev/null || ldconfig -p 2>/dev/null)
    [[ $(uname -m) == x86_64 ]] && kind='libc6,x86-64'
    for group; do
        table=libraries_$group
        while read -r library debian fedora arch; do
            [[ -z $library || $cache == *"$library ($kind"* ]] && continue
            loads "$library" || lacks "$debian" "$fedora" "$arch"
        done <<<"${!table}"
    done
}

loads() { # library
    local python=$venv/bin/python
    [[ -x $python ]] || python=$(command -v python3) || return 1
    "$python" -I -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null
}

install_lacking() { # as root without asking, else only after a yes on the terminal; fails if that was not to be
    local row debian fedora arch names line answer sudo='' update=''
    local -a on_debian=() on_fedora=() on_arch=()
    ((${#lacking[@]})) || return 0
    for row in "${lacking[@]}"; do
        read -r debian fedora arch <<<"$row"
        [[ " ${on_debian[*]-} - " == *" $debian "* ]] || on_debian+=("$debian")
        [[ " ${on_fedora[*]-} - " == *" $fedora "* ]] || on_fedora+=("$fedora")
        [[ " ${on_arch[*]-} - " == *" $arch "* ]] || on_arch+=("$arch")
    done
    lacking=()
    if command -v apt-get >/dev/null; then
        names=${on_debian[*]-}
        if is_root; then
            say "Installing packages of the system: $names"
            apt_install "${on_debian[@]}" && return 0
            say "That did not work. By hand:" "" "    apt-get update && apt-get install --no-install-recommends $names" ""
            return 1
        fi
        compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || update=yes
        ! command -v sudo >/dev/null || sudo='sudo '
        line="${sudo}apt-get install --no-install-recommends $names"
        [[ -z $update ]] || line="${sudo}apt-get update && $line"
        say "Packages of the system are missing. Please install them as root:" "" "    $line" ""
        if [[ -n $sudo && -t 0 && -t 2 ]]; then
            read -r -p "Shall I run this now? [y/N] " answer || answer=''
            if [[ $answer == [yY]* ]]; then
                [[ -z $update ]] || sudo apt-get update >&2
                sudo apt-get install -y --no-install-recommends "${on_debian[@]}" >&2 && return 0
            fi
        fi
        return 1
    fi
    say "Packages of the system are missing. Please install them as root:" ""
    if command -v dnf >/dev/null; then
        say "    dnf install ${on_fedora[*]-}"
    elif command -v pacman >/dev/null; then
        say "    pacman -S --needed ${on_arch[*]-}"
    else
        say "    Debian, Ubuntu: apt-get install ${on_debian[*]-}"
        say "    Fedora:         dnf install ${on_fedora[*]-}"
        say "    Arch:           pacman -S --needed ${on_arch[*]-}"
    fi
    say ""
    return 1
}

apt_install() { # packages …
    local command=(apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
    local log attempt PATH=$PATH:/usr/sbin:/sbin
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    for attempt in now updated; do
        # A bare image has no package lists, and old lists name files that are gone.
        if [[ $attempt == updated ]]; then apt-get update -qq >>"$log" 2>&1 </dev/null; fi
        if "${command[@]}" "$@" >>"$log" 2>&1 </dev/null; then
            rm -f "$log"
            return 0
        fi
    done
    tail -n 5 "$log" >&2
    rm -f "$log"
    return 1
}

# --- the private environment -----------------------------------------------------------------------------------------

python='' # the Python a new environment is made with

find_python() { # sets `python`; a Python that cannot make environments yet is noted in `lacking`
    local candidate path answer state version bare='' unfit=''
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.14 python3.11 python; do
        path=$(command -v -- "$candidate") || continue
        answer=$("$path" -I -c '
import sys, sysconfig
version = "%d.%d" % sys.version_info[:2]
try:
    import ctypes, sqlite3, ssl
except ImportError:
    state = "unfit"
else:
    state = "fit"
if not (3, 11) <= sys.version_info[:2] <= (3, 14) or sys.implementation.name != "cpython":
    state = "unfit"
elif sysconfig.get_config_var("Py_GIL_DISABLED"):
    state = "unfit"
if state == "fit":
    try:
        import ensurepip, venv
    except ImportError:
        state = "bare"
print(state, version)' 2>/dev/null) || continue
        read -r state version <<<"$answer"
        case $state in
        fit)
            python=$path
            return 0
            ;;
        bare) [[ -n $bare ]] || bare="$path $version" ;;
        unfit) unfit+="${unfit:+, }$path is $version" ;;
        esac
    done
    if [[ -n $bare ]]; then
        python=${bare% *}
        version=${bare##* }
        if [[ $python == */python3 ]]; then lacks python3-venv python3 python; else lacks "python$version-venv" "python$version" python; fi
        return 0
    fi
    if [[ -z $unfit ]] && command -v apt-get >/dev/null; then
        python=python3
        lacks python3-venv python3 python
        return 0
    fi
    die 3 "The simulator needs CPython 3.11, 3.12, 3.13 or 3.14 (with ssl, sqlite3 and ctypes)${unfit:+; $unfit}." \
        "Install one of them, or name it: PYTHON=/path/to/python3.13 $0"
}

wanted() { # run|test: what an environment must have been made for to be still good
    local project
    project=$(<"$root/pyproject.toml")
    printf '%s\n' "$1" "$root" "$(readlink -f -- "$venv/bin/python")" "${project%%# --- tests*}"
}

ready() { # run|test
    [[ -x $venv/bin/python && -r $venv/.ready-$1 && ! -e $venv/.setting-up ]] &&
        [[ $(<"$venv/.ready-$1") == "$(wanted "$1")" ]]
}

usable() { # can the environment there be completed, or must it be made anew?
    local stamp made_in
    # An interrupted set-up may have left half a package.
    [[ -x $venv/bin/python && ! -e $venv/.setting-up ]] || return
    # Copied or moved with its folder, its programs still point to the old place.
    for stamp in "$venv"/.ready-*; do
        [[ ! -e $stamp ]] || { read -r && read -r made_in && [[ $made_in == "$root" ]]; } <"$stamp" || return
    done
    # Its Python may have been removed or replaced.
    "$venv/bin/python" -I -c '
import sys, pip
sys.exit(sys.prefix == sys.base_prefix or not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null
}

make_environment() { # run|test; may need `python`
    local what=$1
    if ! { mkdir -p "$venv" && [[ -w $venv ]] && : >>"$venv/.lock"; } 2>/dev/null; then
        if [[ -e $venv/bin/python ]]; then
            die 1 "The environment $venv is out of date and cannot be changed by this user: run $0 once as its owner."
        fi
        die 1 "The simulator makes its private environment in $venv, but that folder cannot be written to:" \
            "copy the checkout to a place of your own and start it there."
    fi
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # Two first starts at once: one works, the other waits and finds everything done.
    exec 9>>"$venv/.lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        say "Another start is setting up the environment; waiting for it …"
        flock 9
    fi
    if ! ready "$what"; then
        if ! usable; then
            [[ -n $python ]] || find_python
            if [[ -e $venv/pyvenv.cfg ]]; then say "The environment $venv is not whole; making it anew."; fi
            find "$venv" -mindepth 1 -maxdepth 1 ! -name .lock -exec rm -rf {} +
        fi
        say "Setting up the private environment $venv (once; a minute or two) …"
        rm -f "$venv"/.ready-*
        : >"$venv/.setting-up"
        : >"$log"
        if [[ ! -x $venv/bin/python ]]; then
            "$python" -I -m venv "$venv" </dev/null >>"$log" 2>&1 || setup_failed
        fi
        if [[ $what == test ]]; then pip_install -e '.[test]'; else pip_install -e .; fi || setup_failed
        [[ $what != test ]] || wanted run >"$venv/.ready-run"
        wanted "$what" >"$venv/.ready-$what"
        rm -rf "$venv/.setting-up" "$venv/.tmp"
    fi
    exec 9>&-
    trap - INT TERM
}

pip_install() ( # what …; in the checkout, into the environment, output to the log
    cd "$root" || exit 1
    unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
    # What an interrupted installation leaves behind goes with the environment.
    export TMPDIR=$venv/.tmp
    mkdir -p "$TMPDIR" || exit
    # Without a home pip would keep its cache in the current folder.
    if [[ -z ${HOME:-} || ! -d ${HOME:-} ]]; then export PIP_NO_CACHE_DIR=1; fi
    command=("$venv/bin/python" -I -m pip install --no-input --prefer-binary --disable-pip-version-check
        --no-warn-script-location --root-user-action=ignore --retries "${PIP_RETRIES:-3}" --progress-bar off)
    if [[ -t 2 ]]; then
        "${command[@]}" "$@" </dev/null 2>&1 | tee -a "$log" | while IFS= read -r line; do
            printf '\r\e[K%.*s' "$((${COLUMNS:-80} - 1))" "$line" >&2
        done
        status=${PIPESTATUS[0]}
        printf '\r\e[K' >&2
        exit "$status"
    fi
    "${command[@]}" "$@" </dev/null >>"$log" 2>&1
)

setup_failed() {
    local reason
    if ! grep -q '^Installing collected packages' "$log"; then
        rm -f "$venv/.setting-up" # nothing was begun, so nothing is broken
    fi
    case $(<"$log") in
    *'No space left on device'*) reason='There is no space left on the disk.' ;;
    *CERTIFICATE_VERIFY_FAILED*)
        reason='The certificate of the package index is not trusted here. Behind a company proxy: PIP_CERT=/path/to/its-ca.pem'
        ;;
    *'name resolution'* | *'Name or service not known'* | *NewConnectionError* | *'Network is unreachable'* | *imeout*Error* | *ProxyError* | *'Connection refused'*)
        reason='The package index cannot be reached: the first start needs the net (or PIP_INDEX_URL, PIP_PROXY set to what you have).'
        ;;
    *'No matching distribution'*)
        reason='A package is not offered for this system. Qt needs a 64-bit system with glibc 2.34 or later (Debian 12, Ubuntu 22.04, Fedora 35).'
        ;;
    *) reason='' ;;
    esac
    say "Setting up did not work.${reason:+ $reason} What $log says:" ""
    { grep -E '(^| )([A-Za-z]*Error|ERROR):' "$log" || cat "$log"; } | tail -n 3 | cut -c 1-300 | sed 's/^ */    /' >&2
    exit 1
}

set_up() { # run|test
    local what=$1
    if ! ready "$what"; then
        usable || find_python
        if command -v apt-get >/dev/null && [[ ! -e /etc/ssl/certs/ca-certificates.crt ]]; then
            lacks ca-certificates ca-certificates ca-certificates
        fi
    fi
    if ((${#lacking[@]})); then
        install_lacking || exit 3
        [[ -z $python ]] || find_python # the one just installed
    fi
    ready "$what" || make_environment "$what"
}

# --- the start -------------------------------------------------------------------------------------------------------

libraries_for() { # the arguments: which tables the face asked for needs; of two lines one is enough
    local argument
    for argument; do
        case $argument in
        console | control | play | central | fleet | -h | --help | --version) return ;;
        gallery)
            printf 'any\n'
            return
            ;;
        window | --) break ;;
        esac
    done
    case ${QT_QPA_PLATFORM:-} in
    offscreen* | minimal*) printf 'any\n' ;;
    wayland*) printf 'any wayland\n' ;;
    xcb*) printf 'any x11\n' ;;
    *)
        if [[ -n ${WAYLAND_DISPLAY:-} ]]; then printf 'any wayland\n'; fi
        if [[ -n ${DISPLAY:-} ]] || { is_root && [[ -z ${WAYLAND_DISPLAY:-} ]]; }; then printf 'any x11\n'; fi
        # Neither: there is no screen, and it will be the console.
        ;;
    esac
}

main() {
    local groups
    [[ -n ${HOME:-} ]] || unset HOME # an empty one is worse than none
    unset PYTHONHOME
    while read -r -a groups; do
        ((${#groups[@]})) || break
        lacking=()
        check_libraries "${groups[@]}"
        ((${#lacking[@]})) || break
    done <<<"$(libraries_for "$@")"
    if ((${#lacking[@]})) && [[ -z ${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-} && ${1-} != gallery ]]; then
        # No screen to show a window on, so the console will do if the libraries cannot be had.
        install_lacking || say "Going on without the window's libraries."
    fi
    if ((${#lacking[@]})) && ! is_root; then say "The window needs libraries of the system ($0 console does not)."; fi
    set_up run
    exec "$venv/bin/python" -P -m desktop_sim "$@"
}

[[ ${BASH_SOURCE[0]} != "$0" ]] || main "$@"
