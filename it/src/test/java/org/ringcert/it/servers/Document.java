package org.ringcert.it.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The command blocks of a document. After its language, each block names where it is run: {@code sh each}, {@code sh
 * web0}.
 */
public record Document(List<Block> blocks) {

    private static final Pattern FENCED = Pattern.compile("(?ms)^```(.*?)$\\n(.*?)^```$");

    /**
     * Commands that are run as one script.
     *
     * @param where the server, {@code each} or {@code checkout}
     */
    public record Block(String where, String commands) {}

    /** Reads all blocks, in order. */
    public static Document read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        var found = FENCED.matcher(Files.readString(file));
        while (found.find()) {
            if (!found.group(1).startsWith("sh ")) {
                throw new IOException(
                        file + ": expected \"sh\" and where to run the block, found \"" + found.group(1) + "\"");
            }
            blocks.add(new Block(found.group(1).substring(3), found.group(2)));
        }
        return new Document(List.copyOf(blocks));
    }

    /**
     * Returns the only block of a document in a language such as {@code haproxy}, whatever other blocks there are.
     *
     * @throws IOException also if there is none, or several
     */
    public static String onlyBlock(Path file, String language) throws IOException {
        List<String> blocks = FENCED.matcher(Files.readString(file))
                .results()
                .filter(found -> found.group(1).equals(language))
                .map(found -> found.group(2))
                .toList();
        if (blocks.size() != 1) {
            throw new IOException(file + ": expected one block in " + language + ", found " + blocks.size());
        }
        return blocks.getFirst();
    }

    /** Returns all lines of all blocks, stripped. */
    public List<String> lines() {
        return blocks.stream()
                .flatMap(block -> block.commands().lines())
                .map(String::strip)
                .toList();
    }
}
