# shellcheck shell=sh
# How much heap each command gets. ./ringcert and the launcher of the archive source this file.

# Sets heap to the JVM options of the command $1, which come after those in jvm.args.
heap_of() {
    # The daemon idles, so it keeps the small young generation that follows from -Xms. In a command that makes thousands
    # of TLS handshakes, those in progress fill that, and their garbage gets into the old generation, which grows to
    # -Xmx. `status --all` of 50 servers x 200 sites takes 141 MB then, and 112 MB with the one given here.
    case $1 in
        run) heap= ;;
        # A simulation of years is long enough for the optimizing compiler, and remembers every certificate of the cluster.
        simulate) heap='-Xmx160m -Xms64m -Xmn32m -XX:TieredStopAtLevel=4' ;;
        # A plan of 50 servers x 1,000 sites looks at 50,000 certificates, and keeps them while it decides.
        plan) heap='-Xmx512m -Xms20m -Xmn12m' ;;
        *) heap='-Xms20m -Xmn12m' ;;
    esac
}
