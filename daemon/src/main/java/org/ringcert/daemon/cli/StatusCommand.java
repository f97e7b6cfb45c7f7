package org.ringcert.daemon.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.Columns;
import org.ringcert.daemon.LocalNode;
import org.ringcert.issue.Wish;
import org.ringcert.store.StoreException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code ringcert status}: this node's sites, from its store. */
final class StatusCommand extends Command {

    private final BooleanSupplier json = flag("--json", "for programs; fields are only ever added");
    private final Common common = new Common(this);

    StatusCommand() {
        super("Shows the certificates of this node and what is wrong with them.");
    }

    @Override
    public Integer call() throws UsageException, StoreException {
        LocalNode node = common.load().open();
        Instant now = Instant.now();
        List<SiteStatus> sites = new ArrayList<>();
        Map<HostName, Wish> wanted = new LinkedHashMap<>();
        node.wishes().forEach(wish -> wanted.put(wish.site().name(), wish));
        for (Wish wish : wanted.values()) {
            sites.add(SiteStatus.of(wish, node.authority().directory(), node.store(), now));
        }
        List<HostName> others = node.store().sites().stream()
                .filter(site -> !wanted.containsKey(site))
                .toList();
        HostName self = node.cluster().self().name();
        out().print(json.getAsBoolean() ? json(self, sites, others) : text(self, sites, others, now));
        out().flush();
        return sites.stream().allMatch(SiteStatus::isWell) ? Ringcert.WELL : Ringcert.FAILED;
    }

    private static String text(HostName self, List<SiteStatus> sites, List<HostName> others, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SITE", "ISSUER", "SERIAL", "DAYS LEFT", "NEXT RENEWAL", "STATE"));
        for (SiteStatus site : sites) {
            rows.add(List.of(
                    site.site().name().value(),
                    site.issuer().orElse("-"),
                    site.serial()
                            .map(serial -> serial.length() > 12 ? serial.substring(0, 12) + ".." : serial)
                            .orElse("-"),
                    site.daysLeft(now).map(String::valueOf).orElse("-"),
                    site.renewal().map(SiteStatus::minutes).orElse("-"),
                    site.isWell() ? "good" : "SEE BELOW"));
        }
        StringBuilder text = new StringBuilder("Certificates of " + self + "\n\n").append(Columns.of(rows));
        for (SiteStatus site : sites) {
            site.troubles()
                    .forEach(trouble -> text.append("\n")
                            .append(site.site())
                            .append(": ")
                            .append(trouble)
                            .append("\n"));
        }
        if (!others.isEmpty()) {
            text.append("\nNot in the configuration any more; their files stay: ")
                    .append(others)
                    .append("\n");
        }
        return text.toString();
    }

    private static String json(HostName self, List<SiteStatus> sites, List<HostName> others) {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        ObjectNode root = mapper.createObjectNode();
        root.put("node", self.value());
        ArrayNode array = root.putArray("sites");
        for (SiteStatus site : sites) {
            ObjectNode object = array.addObject();
            object.put("site", site.site().name().value());
            ArrayNode names = object.putArray("names");
            site.site().names().forEach(name -> names.add(name.value()));
            object.put("good", site.isWell());
            site.issuer().ifPresent(issuer -> object.put("issuer", issuer));
            site.serial().ifPresent(serial -> object.put("serial", serial));
            site.notAfter().ifPresent(end -> object.put("notAfter", end.toString()));
            site.renewal().ifPresent(next -> object.put("nextRenewal", next.toString()));
            site.directory().ifPresent(directory -> object.put("directory", directory.toString()));
            ArrayNode troubles = object.putArray("troubles");
            site.troubles().forEach(troubles::add);
        }
        ArrayNode left = root.putArray("notConfigured");
        others.forEach(other -> left.add(other.value()));
        return mapper.writeValueAsString(root) + "\n";
    }
}
