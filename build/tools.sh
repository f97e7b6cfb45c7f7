# shellcheck shell=sh
# Finds or installs what ./ringcert and ./test need: a JDK, Maven, Debian packages. Both scripts source this file, after
# they have set program to their own name for messages. All messages go to stderr.

# shellcheck disable=SC2154 # Set by the caller.
say() { printf '%s: %s\n' "$program" "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# Sets JAVA_HOME to a JDK 25 or newer with javac. On Debian, as root, it installs one if there is none. Otherwise it
# exits with a message.
need_jdk() {
    find_jdk && return
    if on_debian 13 && install_debian openjdk-25-jdk-headless; then
        find_jdk && return
    fi
    if on_debian 13; then
        advice="install openjdk-25-jdk-headless (as root: apt-get install openjdk-25-jdk-headless)"
    else
        advice="install Temurin 25 (https://adoptium.net)"
    fi
    die "needs JDK 25 or newer with javac; found ${found:-none}; $advice, or set JAVA_HOME to one"
}

# Searches JAVA_HOME, PATH and /usr/lib/jvm. It starts no JVM, because this runs every time.
find_jdk() {
    found=
    if [ -n "${JAVA_HOME-}" ] && is_jdk "$JAVA_HOME"; then
        return
    fi
    path=$PATH:
    while [ -n "$path" ]; do
        directory=${path%%:*}
        path=${path#*:}
        if [ -x "$directory/java" ]; then
            home=$(readlink -f -- "$directory/java")
            if is_jdk "${home%/bin/java}"; then
                use_jdk "${home%/bin/java}"
                return
            fi
        fi
    done
    # The oldest suitable version is the closest to the one that everything is tested with.
    chosen=
    for home in /usr/lib/jvm/*; do
        [ ! -L "$home" ] || home=$(readlink -f -- "$home")
        if is_jdk "$home" && { [ -z "$chosen" ] || [ "$feature" -lt "$oldest" ]; }; then
            chosen=$home
            oldest=$feature
        fi
    done
    [ -n "$chosen" ] && use_jdk "$chosen"
}

use_jdk() {
    JAVA_HOME=$1
    export JAVA_HOME
}

# Returns whether the directory is a JDK 25 or newer with javac. If not, adds a description to $found. Sets feature.
is_jdk() {
    [ -x "$1/bin/java" ] || return
    version=unknown
    if [ -r "$1/release" ]; then
        while IFS='=' read -r name value; do
            if [ "$name" = JAVA_VERSION ]; then
                version=${value#\"}
                version=${version%\"}
            fi
        done <"$1/release"
    fi
    feature=${version%%[!0-9]*}
    if [ "${feature:-0}" -ge 25 ] && [ -x "$1/bin/javac" ]; then
        return
    fi
    what="$version in $1"
    [ -x "$1/bin/javac" ] || what="$version without javac in $1"
    case ", $found, " in
        *", $what, "*) ;;
        *) found="${found:+$found, }$what" ;;
    esac
    return 1
}

# Makes sure that mvn is 3.6.3 or newer. Needs JAVA_HOME.
need_maven() {
    if ! command -v mvn >/dev/null; then
        if on_debian && install_debian maven; then
            hash -r
        else
            die "needs Maven 3.6.3 or newer; found no mvn in PATH; install it (Debian: apt-get install maven)"
        fi
    fi
    # Suppress warnings about deprecated calls in Maven's own libraries.
    MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS-}"
    export MAVEN_OPTS
    maven=$(cd / && mvn -B --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')
    oldest=$(printf '%s\n' 3.6.3 "${maven:-0}" | sort -V | head -n 1)
    if [ "$oldest" != 3.6.3 ]; then
        die "needs Maven 3.6.3 or newer; found ${maven:-one that does not start} ($(command -v mvn)); install a newer one"
    fi
}

# Returns whether this is Debian, of the given version or newer.
on_debian() {
    (
        ID='' VERSION_ID=0
        # shellcheck source=/dev/null
        [ ! -r /etc/os-release ] || . /etc/os-release
        [ "$ID" = debian ] && [ "${VERSION_ID%%.*}" -ge "${1:-0}" ]
    ) 2>/dev/null
}

# Installs Debian packages, after printing what it downloads. Returns an error if it is not allowed to, or cannot.
# Starts no service.
install_debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return
    # In a subshell, so that traps, lock and environment end with it.
    (
        mkdir -p /run/lock
        exec 9>/run/lock/ringcert-install
        flock 9
        DEBIAN_FRONTEND=noninteractive
        export DEBIAN_FRONTEND
        if ! fetched=$(to_fetch "$@"); then
            say "updating the list of Debian packages ..."
            apt-get update -qq >/dev/null 2>&1 || true
            fetched=$(to_fetch "$@") || { say "Debian has no package to install for: $*"; exit 1; }
        fi
        forbid_services "$@" || exit 1
        say "installing $* from Debian: $fetched ..."
        output=$(apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" 2>&1) || {
            printf '%s\n' "$output" | tail -n 5 >&2
            say "apt-get install $* failed"
            exit 1
        }
    ) 9>&-
}

# Prints how much has to be downloaded for these packages and their dependencies.
to_fetch() {
    uris=$(apt-get install -y -qq --no-install-recommends --print-uris "$@" 2>/dev/null) || return
    printf '%s\n' "$uris" | awk '{ bytes += $3 } END { printf "%d package(s), %.1f MB to download", NR, bytes / 1e6 }'
}

# Keeps newly installed services from starting until this shell ends. An administrator's own policy is not changed: if
# it lets services start, nothing is installed.
forbid_services() {
    policy=/usr/sbin/policy-rc.d
    ours='# ringcert: no service starts while its build installs packages'
    # We have the lock, so a policy file of ours was left behind by a run that was killed.
    if [ -f "$policy" ] && [ "$(sed -n 2p "$policy")" = "$ours" ]; then
        rm -f "$policy"
    fi
    if [ -e "$policy" ] || [ -L "$policy" ]; then
        for package; do
            status=0
            "$policy" "$package" start >/dev/null 2>&1 || status=$?
            if [ "$status" != 101 ]; then
                say "$policy lets services start, so nothing was installed; run apt-get install $* yourself"
                return 1
            fi
        done
        return
    fi
    trap 'rm -f "$policy" "$policy.$$"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '%s\n' '#!/bin/sh' "$ours" 'exit 101' >"$policy.$$"
    chmod 755 "$policy.$$"
    # Unlike mv, ln cannot overwrite a file that has appeared in the meantime.
    ln "$policy.$$" "$policy"
    rm -f "$policy.$$"
}
