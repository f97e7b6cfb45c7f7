package org.ringcert.it.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The blocks of commands in a document. Each says after its language where it is run: {@code sh each}, {@code sh web0}.
 */
public record Document(List<Block> blocks) {

    private static final Pattern FENCED = Pattern.compile("(?ms)^```(.*?)$\\n(.*?)^```$");

    /** What is run as one, and where. */
    public record Block(String where, String commands) {}

    /** Reads them all, in their order. */
    public static Document read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        var found = FENCED.matcher(Files.readString(file));
        while (found.find()) {
            if (!found.group(1).startsWith("sh ")) {
                throw new IOException(
                        file + ": a block says \"" + found.group(1) + "\" and not \"sh\" and where it is run");
            }
            blocks.add(new Block(found.group(1).substring(3), found.group(2)));
        }
        return new Document(List.copyOf(blocks));
    }

    /** Every line of every block, without blanks around it. */
    public List<String> lines() {
        return blocks.stream()
                .flatMap(block -> block.commands().lines())
                .map(String::strip)
                .toList();
    }
}
