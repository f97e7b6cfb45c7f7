package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * A command that was run in this process.
 *
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int status, String out, String err) {

    /** Runs {@code ringcert} with these arguments. */
    public static CommandRun of(Object... arguments) {
        String[] texts = Stream.of(arguments).map(String::valueOf).toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                Ringcert.commandLine(texts).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int status = line.execute(texts);
        return new CommandRun(status, out.toString(), err.toString());
    }
}
