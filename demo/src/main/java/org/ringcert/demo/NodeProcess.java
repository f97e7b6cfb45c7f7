package org.ringcert.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This program, started once more: a node, or a command beside it. */
public final class NodeProcess {

    private static final String MAIN = "org.ringcert.daemon.cli.Ringcert";

    private NodeProcess() {}

    /**
     * Starts {@code ringcert} with those arguments on this process's Java runtime and class path.
     *
     * @param name what messages call it
     * @param jvmFlags such as {@link #installedFlags}
     * @param output gets what it says on both streams, after what is there already
     */
    public static ChildProcess start(String name, List<String> jvmFlags, List<String> arguments, Path output)
            throws IOException {
        return ChildProcess.start(name, java(jvmFlags, MAIN, arguments), Map.of(), output);
    }

    /** The command that starts a class of this process's class path on its Java runtime. */
    public static List<String> java(List<String> jvmFlags, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(arguments);
        return command;
    }

    /** An AOT cache is of use only where the jars that it was recorded with come first. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .sorted(Comparator.comparing(entry -> !entry.endsWith(".jar")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * The flags that a daemon is started with where this program is installed, or built by {@code ./ringcert}: the file
     * {@code jvm.args} and the AOT cache beside its jar. None where there are none, as in tests.
     */
    public static List<String> installedFlags() {
        String first = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
        Path file = Path.of(first).toAbsolutePath().resolveSibling("jvm.args");
        Path aotCache = file.resolveSibling("ringcert.aot");
        List<String> flags = new ArrayList<>();
        if (first.endsWith(".jar") && Files.isReadable(file)) {
            flags.add("@" + file);
            if (Files.isReadable(aotCache)) {
                flags.add("-XX:AOTCache=" + aotCache);
            }
        }
        return List.copyOf(flags);
    }
}
