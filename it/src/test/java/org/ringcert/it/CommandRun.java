package org.ringcert.it;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.ringcert.daemon.cli.Ringcert;
import picocli.CommandLine;

/**
 * A command that was run in this process.
 *
 * @param out standard output
 * @param err standard error
 */
record CommandRun(int status, String out, String err) {

    /** Runs {@code ringcert} with these arguments. */
    static CommandRun of(Object... arguments) {
        String[] texts = Stream.of(arguments).map(String::valueOf).toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                Ringcert.commandLine(texts).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int status = line.execute(texts);
        return new CommandRun(status, out.toString(), err.toString());
    }
}
