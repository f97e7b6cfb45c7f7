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

/** Starts {@code ringcert} in processes of their own. */
public final class NodeProcess {

    private static final String MAIN = "org.ringcert.daemon.cli.Ringcert";

    private NodeProcess() {}

    /**
     * Starts {@code ringcert} with this process's Java runtime and class path.
     *
     * @param name for messages
     * @param jvmFlags such as {@link #installedFlags}
     * @param output receives standard output and standard error, appended to what the file already has
     */
    public static ChildProcess start(String name, List<String> jvmFlags, List<String> arguments, Path output)
            throws IOException {
        return ChildProcess.start(name, java(jvmFlags, MAIN, arguments), Map.of(), output);
    }

    /** Returns the command that starts a class with this process's Java runtime and class path. */
    public static List<String> java(List<String> jvmFlags, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(arguments);
        return command;
    }

    /** Returns this process's class path, jars first: the JVM accepts an AOT cache only if its jars come first. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .sorted(Comparator.comparing(entry -> !entry.endsWith(".jar")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Returns the JVM flags of a build by {@code ./ringcert}: the file {@code jvm.args} and the AOT cache beside the
     * first jar of the class path. Empty if there are no such files, as in tests.
     */
    public static List<String> installedFlags() {
        String first = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
        Path jvmArgs = Path.of(first).toAbsolutePath().resolveSibling("jvm.args");
        Path aotCache = jvmArgs.resolveSibling("ringcert.aot");
        List<String> flags = new ArrayList<>();
        if (first.endsWith(".jar") && Files.isReadable(jvmArgs)) {
            flags.add("@" + jvmArgs);
            if (Files.isReadable(aotCache)) {
                flags.add("-XX:AOTCache=" + aotCache);
            }
        }
        return List.copyOf(flags);
    }
}
