package org.ringcert.daemon.cli;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.TextTable;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code ringcert status}: this node's sites, from its store. Any user may ask; what he may not see is said. */
final class StatusCommand extends Command {

    private final BooleanSupplier json = flag("--json", "for programs; fields are only ever added");
    private final NodeOptions options = new NodeOptions(this);

    StatusCommand() {
        super(
                "Shows the certificates of this node and what is wrong with them.",
                "Exits with 2 also where this user may not see enough to say anything.");
    }

    /**
     * What is to be shown.
     *
     * @param others sites that have a certificate and are in no configuration any more
     * @param trouble what is wrong with the store itself
     * @param notSeen what this user may not look at
     */
    private record Overview(
            HostName self,
            List<SiteStatus> sites,
            List<HostName> others,
            Optional<String> trouble,
            Optional<String> notSeen) {

        int status() {
            boolean wrong = trouble.isPresent()
                    || sites.stream().anyMatch(site -> !site.troubles().isEmpty());
            if (wrong) {
                return ExitStatus.FAILED;
            }
            return sites.stream().allMatch(SiteStatus::isWell) ? ExitStatus.OK : ExitStatus.USAGE;
        }
    }

    @Override
    public Integer call() throws UsageException, StoreException {
        ConfiguredNode loaded = options.load();
        Instant now = Instant.now();
        Store store;
        try {
            store = Store.inspect(loaded.configuration().store(), Clock.systemUTC());
        } catch (StoreException e) {
            if (e.isPermissionDenied()) {
                throw new UsageException(e.getMessage());
            }
            throw e;
        }
        Overview overview = overview(loaded, store, now);
        out().print(json.getAsBoolean() ? json(overview, now) : text(overview, now));
        out().flush();
        return overview.status();
    }

    private static Overview overview(ConfiguredNode loaded, Store store, Instant now) throws StoreException {
        Map<HostName, CertificateSpec> wanted = new LinkedHashMap<>();
        LocalNode.specs(loaded.configuration())
                .forEach(spec -> wanted.put(spec.site().name(), spec));
        List<SiteStatus> sites = new ArrayList<>();
        for (CertificateSpec spec : wanted.values()) {
            sites.add(SiteStatus.of(
                    spec, loaded.configuration().authorities().getFirst().directory(), store, now));
        }
        List<HostName> others =
                store.sites().stream().filter(site -> !wanted.containsKey(site)).toList();
        Optional<String> trouble = Optional.empty();
        Optional<String> notSeen = Optional.empty();
        try {
            store.checkWritable();
        } catch (StoreException e) {
            if (e.isPermissionDenied()) {
                notSeen = Optional.of(
                        "This user may not see what failed lately, whether the keys fit the certificates, and"
                                + " whether the store can be written: run this as " + store.permittedUsers()
                                + " for that.");
            } else {
                trouble = Optional.of("The store cannot be written, so nothing is renewed. " + e.getMessage());
            }
        }
        return new Overview(loaded.self(), sites, others, trouble, notSeen);
    }

    private static String text(Overview overview, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SITE", "ISSUER", "SERIAL", "LEFT", "NEXT RENEWAL", "STATE"));
        for (SiteStatus site : overview.sites()) {
            rows.add(List.of(
                    site.site().name().value(),
                    site.issuer().orElse("-"),
                    site.serial()
                            .map(serial -> serial.length() > 12 ? serial.substring(0, 12) + ".." : serial)
                            .orElse("-"),
                    site.leftInWords(now).orElse("-"),
                    site.renewal().map(SiteStatus::minutes).orElse("-"),
                    site.state()));
        }
        StringBuilder text =
                new StringBuilder("Certificates of " + overview.self() + "\n\n").append(TextTable.of(rows));
        overview.trouble()
                .ifPresent(trouble -> text.append("\n").append(trouble).append("\n"));
        for (SiteStatus site : overview.sites()) {
            site.troubles()
                    .forEach(trouble -> text.append("\n")
                            .append(site.site())
                            .append(": ")
                            .append(trouble)
                            .append("\n"));
        }
        if (!overview.others().isEmpty()) {
            text.append("\nNot in the configuration any more; their files stay: ")
                    .append(overview.others())
                    .append("\n");
        }
        overview.notSeen()
                .ifPresent(notSeen -> text.append("\n").append(notSeen).append("\n"));
        return text.toString();
    }

    private static String json(Overview overview, Instant now) {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        ObjectNode root = mapper.createObjectNode();
        root.put("node", overview.self().value());
        ArrayNode array = root.putArray("sites");
        for (SiteStatus site : overview.sites()) {
            ObjectNode object = array.addObject();
            object.put("site", site.site().name().value());
            ArrayNode names = object.putArray("names");
            site.site().names().forEach(name -> names.add(name.value()));
            object.put("good", site.isWell());
            object.put("seen", !site.hidden());
            site.issuer().ifPresent(issuer -> object.put("issuer", issuer));
            site.serial().ifPresent(serial -> object.put("serial", serial));
            site.version()
                    .map(CertificateVersion::notBefore)
                    .ifPresent(begin -> object.put("notBefore", begin.toString()));
            site.version().map(CertificateVersion::notAfter).ifPresent(end -> object.put("notAfter", end.toString()));
            site.left(now).ifPresent(left -> object.put("secondsLeft", left.toSeconds()));
            site.renewal().ifPresent(next -> object.put("nextRenewal", next.toString()));
            site.inWork()
                    .ifPresent(
                            holder -> object.put("inWorkSince", holder.since().toString()));
            site.directory().ifPresent(directory -> object.put("directory", directory.toString()));
            ArrayNode troubles = object.putArray("troubles");
            site.troubles().forEach(troubles::add);
        }
        ArrayNode left = root.putArray("notConfigured");
        overview.others().forEach(other -> left.add(other.value()));
        ArrayNode troubles = root.putArray("troubles");
        overview.trouble().ifPresent(troubles::add);
        overview.notSeen().ifPresent(notSeen -> root.put("notSeen", notSeen));
        return mapper.writeValueAsString(root) + "\n";
    }
}
