# shellcheck shell=sh
# ./ringcert package: packs the current build and a Java runtime into one archive. ./ringcert sources this file.
# The build is reproducible: the same sources and the same JDK give the same archive, byte for byte.

# The Java modules that the program and its libraries need (Jackson needs java.xml). ArchiveTest runs the program on
# these modules only.
modules=java.base,java.logging,java.naming,java.net.http,java.xml,jdk.httpserver,jdk.unsupported
# The modification time of every file, inside the jars as well. The JVM rejects the cache if a jar is newer than it was
# when the cache was made.
package_time=2026-01-01T00:00:00Z

# Makes the archive in the given directory, or in the current one, and prints its path.
package() (
    umask 022
    directory=$(cd -- "${1:-.}" && pwd) || die "there is no directory ${1:-.}"
    version=$("$JAVA_HOME/bin/java" "@$image/jvm.args" -jar "$image/ringcert.jar" --version)
    name=ringcert-${version#ringcert }
    archive=$directory/$name-linux-$(uname -m).tar.gz
    work=$(mktemp -d)
    trap 'rm -rf -- "$work"' EXIT
    tree=$work/$name
    mkdir -p "$tree/bin"
    cp -R -- "$image/lib" "$image/ringcert.jar" "$image/jvm.args" "$root/build/heap.sh" "$root/build/package/systemd" "$root/build/package/sysusers.d" "$root/LICENSE" "$root/README.md" \
        "$root/CHANGELOG.md" "$root/SECURITY.md" "$root/docs" "$tree"
    cp -- "$root/build/package/ringcert" "$tree/bin"
    say "making a Java runtime and its startup cache (about 30 s) ..."
    link_runtime "$tree"
    spread_inodes "$tree" "$work/spare"
    find "$tree" -exec touch -h -d "$package_time" {} +
    dump_cache "$tree" "$work/jvm.args" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; die "the cache could not be made"; }
    tar -C "$work" --sort=name --format=gnu --mtime="$package_time" --owner=0 --group=0 --numeric-owner \
        --mode=u+rwX,go+rX,go-w -cf "$work/tar" "$name"
    gzip -n -9 <"$work/tar" >"$work/gz"
    cp -- "$work/gz" "$archive.new"
    mv -f -- "$archive.new" "$archive"
    printf '%s\n' "$archive"
)

# Makes the Java runtime. Debian's JDK has 700 MB of debug symbols next to its libraries; they are left out.
link_runtime() {
    "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --exclude-files='**.debuginfo' \
        --no-header-files --no-man-pages --output "$1/runtime" >"$work/log" 2>&1 ||
        { tail -n 5 "$work/log" >&2; die "jlink of $JAVA_HOME failed"; }
    # jlink does not compress, because gzip does it better. The system's CA certificates are used, because a copy would
    # get out of date.
    rm -f "$1/runtime/lib/security/cacerts"
}

# Replaces the jars in $1 by copies, so that no more than four have inodes that are equal modulo 16. $2 is a new directory
# for spare files. The class library keeps open jars in a HashMap, with a hash code from the inode. If nine of them meet
# in one bin, HashMap.treeifyBin is called, and the resolved call shows in the cache. That happens on ext4 after many
# files have been deleted: it then hands out only every sixteenth inode, until those in between have been free for some
# minutes.
spread_inodes() (
    mkdir -- "$2"
    cd -- "$2"
    set -- "$1"/*.jar "$1"/lib/*.jar
    spares=
    count=0
    # If even many files have similar inodes, the archive still works.
    while [ "$(printf '%s\n' "$spares" | wc -l)" -lt $# ] && [ "$count" -lt 2048 ]; do
        count=$((count + 64))
        seq "$count" | xargs touch
        spares=$(ls -i | awk '++found[$1 % 16] <= 4 { print $2 }' | head -n $#)
    done
    for spare in $spares; do
        cp -- "$1" "$spare"
        mv -f -- "$spare" "$1"
        shift
    done
)

# Makes the startup cache, with the classes in build/package/classes. A cache recorded from a run would differ each
# time. What keeps this one the same:
# - The jar's path is absolute, because only then may the archive be moved, and it is the same on every machine.
# - The heap is so large that the only collection is the last one. An earlier one clears caches of the class library at a
#   moment that varies. What is computed again then shows in the cache.
# - Nothing is compiled. A call that only compiled code makes is not resolved in the cache, and it varies when the JVM
#   compiles, and with how many threads.
# - Soft references are cleared at that collection. Otherwise the number that survives depends on how long it takes.
# - The environment is empty but for a fixed locale, because the cache depends on the locale.
# - The tables of strings and symbols have their default sizes, which are large enough. One that grows meanwhile would
#   give the strings another order.
# - Identity hash codes are sequential. Otherwise an object's code depends on which thread asked first.
# - The inodes of the jars are spread; see spread_inodes.
dump_cache() {
    cd -- "$1" || return
    # The options that select a cache cannot be used while making one.
    grep -v -e AOTMode -e Xlog: -e TableSize= jvm.args >"$2"
    env -i LC_ALL=C.UTF-8 runtime/bin/java "@$2" -Xint -Xms256m -Xmx256m -Xmn192m -XX:MetaspaceSize=128m \
        -XX:SoftRefLRUPolicyMSPerMB=0 -XX:+UnlockExperimentalVMOptions -XX:hashCode=3 -Xlog:disable \
        -Xshare:dump -XX:SharedClassListFile="$root/build/package/classes" -XX:SharedArchiveFile=ringcert.aot -cp /proc/self/cwd/ringcert.jar
}

# ./ringcert package --classes: rewrites build/package/classes from a run of the daemon whose order fails, and from the
# demo with one server: a daemon that gets its certificate and is asked for its page and its metrics, then the commands
# `status`, `ready` and `renew`. Use it after larger changes to the startup code. A class that is missing from the list,
# or no longer exists, only makes startup slower and takes more memory. Needs curl, openssl and the right to listen on
# port 443.
list_classes() (
    work=$(mktemp -d)
    trap 'rm -rf -- "$work"' EXIT
    mkdir "$work/daemon"
    cp -R -- "$image/lib" "$image/ringcert.jar" "$image/ringcert-demo.jar" "$work"
    link_runtime "$work"
    grep -v -e AOTMode -e Xlog: "$image/jvm.args" >"$work/jvm.args"
    cd -- "$work" || exit
    JAVA_HOME=$work/runtime
    run_first_order . "$work/daemon" -XX:DumpLoadedClassList=failing.list
    JAVA_TOOL_OPTIONS=-XX:DumpLoadedClassList=$work/demo-%p.list "$JAVA_HOME/bin/java" @jvm.args \
        -cp ringcert.jar:ringcert-demo.jar org.ringcert.daemon.cli.Ringcert demo --nodes 1 --sites 1 --keep >demo 2>&1 &
    demo=$!
    trap 'kill $demo; rm -rf -- "$work"' EXIT
    while kill -0 $demo && ! grep -q '^Logs: ' demo; do
        sleep 0.1
    done
    # The demo prints the command that shows the status of its server.
    node=$(sed -n 's/^ *\.\/ringcert status --all //p' demo)
    config=${node#*--config }
    config=${config%% *}
    address=$(sed -n 's/^address = "\(.*\)"$/\1/p' "$config")
    admin=$(sed -n 's/^admin = "\(.*\)"$/\1/p' "$config")
    site=$(sed -n 's/^names = \["\([^"]*\)".*/\1/p' "$config")
    store=${node#*--store }
    certificate=${store%% *}/certs/$site
    openssl s_server -accept "$address:443" -cert "$certificate/fullchain.pem" -cert_chain "$certificate/fullchain.pem" \
        -key "$certificate/privkey.pem" -quiet >server 2>&1 &
    server=$!
    trap 'kill $demo $server; rm -rf -- "$work"' EXIT
    sleep 1
    kill -0 $server || { cat server >&2; die "the web server cannot listen on $address:443"; }
    # Prometheus asks for the format of OpenMetrics.
    for page in "livez?site=$site" "readyz?site=$site" '' "site/$site" page.css status.json metrics; do
        curl -sS -o page -H 'Accept: application/openmetrics-text, text/plain' "http://$admin/$page" || exit
    done
    count=0
    for command in status 'status --all' "ready $site" renew 'renew --force'; do
        count=$((count + 1))
        # shellcheck disable=SC2086
        "$JAVA_HOME/bin/java" @jvm.args -XX:DumpLoadedClassList=command$count.list -jar ringcert.jar $command $node ||
            say "$command ended with $?"
    done
    # The archive does not contain the demo itself.
    rm -f "demo-pid$demo.list"
    # A line is repeated for each place where its lambda is used.
    for list in *.list; do
        sorted "$list" | uniq -c
    done | awk '{ count = $1; sub(/^ *[0-9]+ /, ""); if (count > most[$0]) most[$0] = count }
        END { for (line in most) for (i = 0; i < most[line]; i++) print line }' |
        LC_ALL=C sort >"$root/build/package/classes"
)

# Prints a class list sorted, without the lines about resolved constant pools.
sorted() {
    grep -v -e '^#' -e '^@cp ' "$1" | sed 's/ id: .*//' | LC_ALL=C sort
}
