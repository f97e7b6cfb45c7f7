# shellcheck shell=sh
# ./ringcert package: the current build with a Java runtime of its own, as one archive. To be sourced by ./ringcert.
# Two archives of the same sources by the same JDK are the same, byte for byte.

# What the program and its libraries ask of Java (Jackson cannot do without java.xml); ArchiveTest runs them on nothing else.
modules=java.base,java.logging,java.naming,java.net.http,java.xml,jdk.unsupported
# Of every file, as of those within the jars: what is newer is not accepted by the cache that was made from it.
package_time=2026-01-01T00:00:00Z

# Into the directory given, or the current one. Prints the archive's name.
package() (
    umask 022
    directory=$(cd -- "${1:-.}" && pwd) || die "there is no directory ${1:-.}"
    version=$("$JAVA_HOME/bin/java" "@$image/jvm.args" -jar "$image/ringcert.jar" --version)
    name=ringcert-${version#ringcert }
    archive=$directory/$name-linux-$(uname -m).tar.gz
    work=$(mktemp -d)
    trap 'rm -rf -- "$work"' EXIT
    tree=$work/$name
    mkdir -p "$tree/bin" "$tree/docs"
    cp -R -- "$image/lib" "$image/ringcert.jar" "$image/jvm.args" "$root/build/package/systemd" "$root/build/package/sysusers.d" "$root/LICENSE" "$root/README.md" "$tree"
    cp -- "$root/docs/ringcert.toml" "$root/docs/first-cluster.md" "$root/docs/moving-in.md" "$root/docs/DESIGN.md" "$tree/docs"
    cp -- "$root/build/package/ringcert" "$tree/bin"
    say "making a Java runtime, and a cache for its start (about 20 s) ..."
    link_runtime "$tree"
    find "$tree" -exec touch -h -d "$package_time" {} +
    dump_cache "$tree" "$work/jvm.args" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; die "the cache could not be made"; }
    tar -C "$work" --sort=name --format=gnu --mtime="$package_time" --owner=0 --group=0 --numeric-owner \
        --mode=u+rwX,go+rX,go-w -cf "$work/tar" "$name"
    gzip -n -9 <"$work/tar" >"$work/gz"
    cp -- "$work/gz" "$archive.new"
    mv -f -- "$archive.new" "$archive"
    printf '%s\n' "$archive"
)

# Debian's JDK has the symbols of its libraries beside them, 700 MB.
link_runtime() {
    "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --exclude-files='**.debuginfo' \
        --no-header-files --no-man-pages --output "$1/runtime" >"$work/log" 2>&1 ||
        { tail -n 5 "$work/log" >&2; die "jlink of $JAVA_HOME failed"; }
    # Not compressed: gzip does that better. The CA certificates are the system's: a copy would age.
    rm -f "$1/runtime/lib/security/cacerts"
}

# The cache holds the classes of build/package/classes. Unlike one that is recorded from a run, it is the same each time. Its
# jar is named by a path that is absolute, as another directory may be put in its place only then, and the same everywhere.
# Without soft references: how many of them outlive a collection hangs on the time that it took. With the same environment
# everywhere: the cache depends on the locale. Identity hash codes are counted up, not drawn by each thread: which one an object gets
# hung on which thread asked first, and eight of them in one bin of a HashMap leave their trace in the cache.
dump_cache() {
    cd -- "$1" || return
    # What chooses the cache cannot stand beside its making.
    grep -v -e AOTMode -e Xlog: jvm.args >"$2"
    env -i LC_ALL=C.UTF-8 runtime/bin/java "@$2" -XX:SoftRefLRUPolicyMSPerMB=0 -XX:+UnlockExperimentalVMOptions -XX:hashCode=3 -Xlog:disable \
        -Xshare:dump -XX:SharedClassListFile="$root/build/package/classes" -XX:SharedArchiveFile=ringcert.aot -cp /proc/self/cwd/ringcert.jar
}

# ./ringcert package --classes: writes that list anew, from a daemon's first moments and a look at what it left. For whoever
# has changed much of what happens at a start; a class that the list lacks, or that is no more, makes the start slower and
# harms nothing.
list_classes() (
    work=$(mktemp -d)
    trap 'rm -rf -- "$work"' EXIT
    mkdir "$work/moments"
    cp -R -- "$image/lib" "$image/ringcert.jar" "$work"
    link_runtime "$work"
    grep -v -e AOTMode -e Xlog: "$image/jvm.args" >"$work/jvm.args"
    cd -- "$work" || exit
    JAVA_HOME=$work/runtime
    first_moments . "$work/moments" -XX:DumpLoadedClassList=run.list
    "$JAVA_HOME/bin/java" @jvm.args -XX:DumpLoadedClassList=status.list -jar ringcert.jar \
        status --config "$work/moments/ringcert.toml" --node web0.example.org || [ $? = 1 ]
    sorted run.list >run
    sorted status.list >status
    # A line stands there as often as its lambda has places.
    { cat run; LC_ALL=C comm -13 run status; } | LC_ALL=C sort >"$root/build/package/classes"
)

# Without what only says how constant pools were resolved.
sorted() {
    grep -v -e '^#' -e '^@cp ' "$1" | sed 's/ id: .*//' | LC_ALL=C sort
}
