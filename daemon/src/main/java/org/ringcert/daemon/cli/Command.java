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
 * One command: what may stand behind its name, and what it does. Its fields declare options and parameters, and give
 * what was said once the line is parsed. picocli's annotations would say the same, but reading them took a fifth of the
 * time of a command such as {@code status}.
 */
public abstract class Command implements Callable<Integer> {

    private final CommandSpec spec = withHelp(CommandSpec.wrapWithoutInspection(this));

    protected Command(String... description) {
        spec.usageMessage().description(description);
    }

    /** Gives it the two options that all have. */
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

    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    protected final BooleanSupplier flag(String name, String description) {
        OptionSpec option = declared(OptionSpec.builder(name).type(boolean.class), description);
        return () -> Boolean.TRUE.equals(option.getValue());
    }

    protected final Supplier<Optional<String>> option(String name, String label, String description) {
        OptionSpec option = declared(OptionSpec.builder(name).type(String.class).paramLabel(label), description);
        return () -> Optional.ofNullable(option.getValue());
    }

    /** An option that may be given several times. */
    final Supplier<List<String>> options(String name, String label, String description) {
        return all(declared(
                OptionSpec.builder(name)
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel(label),
                description));
    }

    /** What has to be given, after what has to be given before it. */
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

    /** Any number of what is no option. */
    final Supplier<List<String>> parameters(String label, String description) {
        PositionalParamSpec parameters = PositionalParamSpec.builder()
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .build();
        spec.addPositional(parameters);
        return all(parameters);
    }

    private OptionSpec declared(OptionSpec.Builder option, String description) {
        OptionSpec declared = option.description(description).build();
        spec.addOption(declared);
        return declared;
    }

    private static Supplier<List<String>> all(ArgSpec argument) {
        return () -> Optional.<List<String>>ofNullable(argument.getValue()).orElseGet(List::of);
    }
}
