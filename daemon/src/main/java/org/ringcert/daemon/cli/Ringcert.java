package org.ringcert.daemon.cli;

/** The command line: {@code ringcert COMMAND}. */
public final class Ringcert {

    private Ringcert() {}

    /** Prints how it is used. */
    public static void main(String[] arguments) {
        System.out.println("usage: ringcert COMMAND");
    }
}
