package org.ringcert.daemon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.tomlj.TomlPosition;

/** Reads the {@code [[site]]} tables. Used once. */
final class SitesReader {

    static final int MAX_NAMES = 100;

    private final DeployReader deployReader;
    private final Map<HostName, TomlPosition> namesSoFar = new HashMap<>();

    /** @param deployReader takes the deploy commands of single sites */
    SitesReader(DeployReader deployReader) {
        this.deployReader = deployReader;
    }

    /** Returns the sites that have an array of names. */
    List<LocatedSite> read(List<TableReader> tables) {
        List<LocatedSite> sites = new ArrayList<>();
        for (TableReader table : tables) {
            read(table).ifPresent(sites::add);
        }
        return sites;
    }

    private Optional<LocatedSite> read(TableReader table) {
        if (!table.has("names")) {
            table.missing("names", "write " + ConfigurationTable.SITE.exampleOf("names"));
        }
        Optional<LocatedList<HostName>> names = table.strings("names", HostNameParser::parse);
        deployReader.readSite(names.flatMap(list -> list.values().stream().findFirst()), table);
        names.ifPresent(list -> check(table, list));
        Optional<LocatedList<KeyType>> keys = new KeysReader(table).read();
        Optional<Located<String>> profile =
                table.string("profile", written -> ProfileName.parse(written, "that of [acme]"));
        Optional<Located<UniqueName>> uniqueName = table.string("unique-name", UniqueName::new);
        return names.map(list -> new LocatedSite(list.elements(), keys, profile, uniqueName));
    }

    private void check(TableReader table, LocatedList<HostName> names) {
        if (table.isEmptyArray("names")) {
            table.mistake(
                    names.at(), "`names` is empty; a site has at least one name, and the first names the certificate");
        }
        int count = names.elements().size();
        if (count > MAX_NAMES) {
            table.mistake(
                    names.at(),
                    "`names` has " + count + " names, but a certificate has " + MAX_NAMES
                            + " at most; split the site into several");
        }
        names.elements().forEach(name -> checkUnique(table, name));
    }

    private void checkUnique(TableReader table, Located<HostName> name) {
        TomlPosition previous = namesSoFar.putIfAbsent(name.value(), name.at());
        if (previous != null) {
            table.mistake(
                    name.at(),
                    "`names`, \"" + name.value() + "\": line " + table.lineOf(previous)
                            + " has this name already; a name belongs to one site, once");
        }
    }
}
