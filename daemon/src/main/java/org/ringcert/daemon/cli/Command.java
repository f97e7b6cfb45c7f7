package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.daemon.BuildVersion;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command with its options and parameters. A subclass declares each of them by a field, which returns the value once
 * the command line is parsed. Annotations would be picocli's usual way, but reading them took a fifth of the time of a
 * command such as {@code status}.
 */
public abstract class Command implements Callable<Integer> {

    @SuppressWarnings("this-escape") // picocli keeps the reference and uses it only when the command runs.
    private final CommandSpec spec = withHelp(CommandSpec.wrapWithoutInspection(this));

    protected Command(String... description) {
        spec.usageMessage().description(description);
    }

    /** Adds the options that every command has. */
    static CommandSpec withHelp(CommandSpec spec) {
        return spec.version("ringcert " + BuildVersion.CURRENT)
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
    }

    final CommandSpec spec() {
        return spec;
    }

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /**
     * Prints a text to standard output. Returns whether that succeeded; if not, standard error says so, unless standard
     * output is a pipe whose reader has gone, as {@code head} does when it has seen enough.
     */
    final boolean print(String text) {
        out().print(text);
        boolean hasWriterFailed = out().checkError();
        // Picocli's writer does not know of the errors of the stream below it.
        boolean hasStreamFailed = System.out.checkError();
        if (hasWriterFailed || (hasStreamFailed && !Screen.isPipe(1))) {
            err().println("The result cannot be written to standard output: is the disk full?");
        }
        return !hasWriterFailed && !hasStreamFailed;
    }

    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Declares an option without a value. */
    protected final BooleanSupplier flag(String name, String description) {
        OptionSpec option = declare(OptionSpec.builder(name).type(boolean.class), description);
        return () -> Boolean.TRUE.equals(option.getValue());
    }

    /** Declares an option with a value. */
    protected final Supplier<Optional<String>> option(String name, String label, String description) {
        OptionSpec option = declare(OptionSpec.builder(name).type(String.class).paramLabel(label), description);
        return () -> Optional.ofNullable(option.getValue());
    }

    /**
     * Declares {@code --version} as an option with a value. Ringcert's own version is printed by {@code -V} alone then.
     */
    final Supplier<Optional<String>> versionOption(String label, String description) {
        OptionSpec printsVersion = spec.findOption("--version");
        spec.remove(printsVersion);
        spec.addOption(OptionSpec.builder(printsVersion).names("-V").build());
        return option("--version", label, description);
    }

    /** Declares an option with a value that can be given several times. */
    final Supplier<List<String>> options(String name, String label, String description) {
        return values(declare(
                OptionSpec.builder(name)
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel(label),
                description));
    }

    /** Declares the next required parameter. */
    final Supplier<String> parameter(String label, String description) {
        int index = spec.positionalParameters().size();
        PositionalParamSpec parameter = PositionalParamSpec.builder()
                .index(String.valueOf(index))
                .required(true)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
        spec.addPositional(parameter);
        return parameter::getValue;
    }

    /** Declares the next parameter, which may be left out. */
    final Supplier<Optional<String>> optionalParameter(String label, String description) {
        int index = spec.positionalParameters().size();
        PositionalParamSpec parameter = PositionalParamSpec.builder()
                .index(String.valueOf(index))
                .required(false)
                .arity("0..1")
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
        spec.addPositional(parameter);
        return () -> Optional.ofNullable(parameter.getValue());
    }

    /** Declares any number of parameters. */
    final Supplier<List<String>> parameters(String label, String description) {
        PositionalParamSpec parameters = PositionalParamSpec.builder()
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .build();
        spec.addPositional(parameters);
        return values(parameters);
    }

    /** Declares any number of parameters that the usage does not mention, for a command that explains its refusal. */
    final Supplier<List<String>> hiddenParameters() {
        PositionalParamSpec parameters = PositionalParamSpec.builder()
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .hidden(true)
                .build();
        spec.addPositional(parameters);
        return values(parameters);
    }

    private OptionSpec declare(OptionSpec.Builder option, String description) {
        OptionSpec declared = option.description(description).build();
        spec.addOption(declared);
        return declared;
    }

    private static Supplier<List<String>> values(ArgSpec argument) {
        return () -> Optional.<List<String>>ofNullable(argument.getValue()).orElseGet(List::of);
    }
}
