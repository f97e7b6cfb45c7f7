package org.ringcert.daemon.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ringcert.daemon.config.DurationText;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.simulate.FaultKind;
import org.ringcert.simulate.Scenario;

/** The options of a command that make a scenario. Reports all mistakes at once. */
final class ScenarioOptions {

    private static final int MAX_NODES = 1000;
    private static final int MAX_SITES = Scenario.MAX_CERTIFICATES;
    private static final String NO_FAULT = "none";

    private final Supplier<Optional<String>> nodes;
    private final Supplier<Optional<String>> sites;
    private final Supplier<Optional<String>> domains;
    private final Supplier<Optional<String>> years;
    private final Supplier<Optional<String>> kinds;
    private final Supplier<Optional<String>> group;
    private final Supplier<Optional<String>> lifetime;
    private final Supplier<Optional<String>> seed;
    private final Supplier<List<String>> faults;
    private final BooleanSupplier noAri;

    ScenarioOptions(Command command) {
        nodes = command.option("--nodes", "N", "how many servers there are");
        sites = command.option("--sites", "M", "how many sites there are; each has one name");
        domains =
                command.option("--domains", "D", "over how many registered domains the sites are spread (default: 1)");
        years = command.option("--years", "Y", "how many years to follow them (default: 1)");
        lifetime = command.option(
                "--lifetime", "TIME", "how long a certificate is valid, such as 45d or 160h (default: 90d)");
        noAri = command.flag("--no-ari", "the CA does not say when to renew (RFC 9773)");
        kinds = command.option("--kinds", "N", "how many kinds of keys each site has, 1 or 2 (default: 1)");
        group = command.option(
                "--group",
                "SIZE",
                "how many servers share a set of names, as unique-name in the file does: 1 gives each its own (default:"
                        + " all share one)");
        seed = command.option("--seed", "S", "a number; another one gives other random events (default: 1)");
        faults = command.options("--fault", "KIND", "what goes wrong, each once and in this order: " + kindsOfFaults());
    }

    private static String kindsOfFaults() {
        return Arrays.stream(FaultKind.values())
                        .map(kind -> kind.label() + " (" + kind.description() + ")")
                        .collect(Collectors.joining(", "))
                + ", or none";
    }

    /**
     * Returns the scenario.
     *
     * @param picture the file for a picture, if one was asked for
     * @throws UsageException with all mistakes
     */
    Scenario scenario(Optional<String> picture) throws UsageException {
        List<String> mistakes = new ArrayList<>();
        int nodeCount = required("--nodes", nodes.get(), MAX_NODES, mistakes);
        int siteCount = required("--sites", sites.get(), MAX_SITES, mistakes);
        int kindCount = number("--kinds", kinds.get(), 1, 2, 1, mistakes);
        int domainCount = number("--domains", domains.get(), 1, MAX_SITES, 1, mistakes);
        int groupSize = number("--group", group.get(), 1, MAX_NODES, 0, mistakes);
        int yearCount = number("--years", years.get(), 1, Scenario.MAX_YEARS, 1, mistakes);
        long seedNumber = seed(mistakes);
        Duration validity = lifetime(mistakes);
        Optional<List<FaultKind>> chosen = faults(mistakes);
        if (siteCount > 0 && domainCount > siteCount) {
            mistakes.add("--domains " + domainCount + ": there are only " + siteCount
                    + " sites, and each is in one registered domain; write at most that");
        }
        if (nodeCount > 0 && groupSize > nodeCount) {
            mistakes.add("--group " + groupSize + ": there are only " + nodeCount + " servers; write at most that");
        }
        if ((long) nodeCount * siteCount * kindCount > Scenario.MAX_CERTIFICATES) {
            mistakes.add("--nodes, --sites and --kinds: these are more than 50,000 certificates at a time, which take"
                    + " too much memory; follow a part of the cluster");
        }
        picture.flatMap(PictureFile::mistake).ifPresent(mistakes::add);
        if (!mistakes.isEmpty()) {
            throw new UsageException(String.join(System.lineSeparator(), mistakes));
        }
        return new Scenario(
                nodeCount,
                siteCount,
                domainCount,
                kindCount,
                groupSize,
                yearCount,
                validity,
                noAri.getAsBoolean() ? Scenario.RenewalInfoSupport.MISSING : Scenario.RenewalInfoSupport.OFFERED,
                PublicCa.LETSENCRYPT.limits(),
                seedNumber,
                chosen);
    }

    private static int required(String option, Optional<String> written, int most, List<String> mistakes) {
        if (written.isEmpty()) {
            mistakes.add(option + " is missing: write a number from 1 to " + most);
            return 0;
        }
        return number(option, written, 1, most, 1, mistakes);
    }

    /** Returns the number, or 0 if it is a mistake. */
    private static int number(
            String option, Optional<String> written, int least, int most, int normal, List<String> mistakes) {
        if (written.isEmpty()) {
            return normal;
        }
        try {
            int number = Integer.parseInt(written.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        mistakes.add(option + " " + printable(written.get()) + ": write "
                + (most == least + 1 ? least + " or " + most : "a number from " + least + " to " + most));
        return 0;
    }

    private long seed(List<String> mistakes) {
        try {
            return seed.get().map(Long::parseLong).orElse(1L);
        } catch (NumberFormatException e) {
            mistakes.add(
                    "--seed " + printable(seed.get().orElseThrow()) + ": write a whole number of at most 18 digits");
            return 0;
        }
    }

    private Duration lifetime(List<String> mistakes) {
        String written = lifetime.get().orElse("90d");
        try {
            Duration time = DurationText.parse(written);
            if (time.compareTo(Scenario.MIN_LIFETIME) >= 0 && time.compareTo(Scenario.MAX_LIFETIME) <= 0) {
                return time;
            }
            mistakes.add("--lifetime " + printable(written) + ": write a time from " + Scenario.MIN_LIFETIME.toHours()
                    + "h to " + Scenario.MAX_LIFETIME.toDays() + "d");
        } catch (IllegalArgumentException e) {
            mistakes.add("--lifetime " + printable(written) + ": " + e.getMessage());
        }
        return Scenario.MAX_LIFETIME;
    }

    private Optional<List<FaultKind>> faults(List<String> mistakes) {
        List<String> labels = faults.get();
        if (labels.equals(List.of(NO_FAULT))) {
            return Optional.of(List.of());
        }
        List<FaultKind> kindsInOrder = new ArrayList<>();
        for (String label : labels) {
            Optional<FaultKind> kind = FaultKind.fromLabel(label);
            kind.ifPresent(kindsInOrder::add);
            if (label.equals(NO_FAULT)) {
                mistakes.add("--fault none: leave out the other faults, or this one");
            } else if (kind.isEmpty()) {
                mistakes.add("--fault " + printable(label) + ": there is no such fault; write one of "
                        + Arrays.stream(FaultKind.values())
                                .map(FaultKind::label)
                                .collect(Collectors.joining(", "))
                        + ", or none");
            }
        }
        return Optional.of(kindsInOrder).filter(list -> !list.isEmpty());
    }

    private static String printable(String written) {
        return written.replaceAll("\\p{Cntrl}", "?");
    }
}
