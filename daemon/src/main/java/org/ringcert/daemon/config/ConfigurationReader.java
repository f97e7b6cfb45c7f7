package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads a file whose syntax is right. Used once. */
final class ConfigurationReader {

    private static final TomlPosition START_OF_FILE = TomlPosition.positionAt(1, 1);

    private final TomlTable file;
    private final Findings findings;

    ConfigurationReader(TomlFile file) {
        this.file = file.root();
        this.findings = file.findings();
    }

    /** Returns the configuration; empty if there are mistakes. */
    Optional<Configuration> read() {
        reportUnknownTables();
        FrontReader frontReader = new FrontReader(single(ConfigurationTable.FRONT));
        FrontSettings front = frontReader.settings();
        AdminReader.AdminAddress admin = AdminReader.defaultAddress(single(ConfigurationTable.ADMIN));
        List<LocatedNode> nodes =
                new NodesReader(frontReader.defaultListen(), admin).read(repeated(ConfigurationTable.NODE));
        DeployReader deployReader = new DeployReader();
        List<LocatedSite> sites = new SitesReader(deployReader).read(repeated(ConfigurationTable.SITE));
        List<LocatedAcme> located = new AcmeReader().read(repeated(ConfigurationTable.ACME));
        List<AcmeSettings> authorities =
                located.stream().map(LocatedAcme::settings).toList();
        reportMissingTables();
        new CaRules(findings).check(located, front.handoff(), nodes);
        new KeyRules(findings).check(located, sites);
        new PublicCaRules(findings).check(authorities, front.handoff(), nodes, sites);
        new UniqueNameRules(findings, nodes, sites)
                .check(authorities.stream().anyMatch(ca -> ca.known().isPresent()));
        Path store = store();
        DeploySettings deploy = deployReader.settings(single(ConfigurationTable.DEPLOY));
        CheckSettings check = new CheckReader(single(ConfigurationTable.CHECK)).settings();
        AlertSettings alert = new AlertSettings(CommandWords.readRun(single(ConfigurationTable.ALERT)));
        if (!findings.mistakes().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Configuration(
                nodes.stream().map(LocatedNode::settings).toList(),
                sites.stream().map(LocatedSite::site).toList(),
                siteSettings(sites),
                authorities,
                front,
                store,
                deploy,
                check,
                alert));
    }

    private static Map<HostName, SiteSettings> siteSettings(List<LocatedSite> sites) {
        return sites.stream().collect(Collectors.toMap(site -> site.site().name(), LocatedSite::settings));
    }

    private void reportUnknownTables() {
        for (String name : file.keySet()) {
            if (ConfigurationTable.fromLabel(name).isEmpty()) {
                findings.mistake(
                        TableReader.positionOf(file, name),
                        "unknown " + (file.get(List.of(name)) instanceof TomlTable ? "table" : "key") + " `"
                                + Findings.quoted(name) + "`; "
                                + Suggestions.forTable(List.of(ConfigurationTable.values()), name));
            }
        }
    }

    private void reportMissingTables() {
        reportIfMissing(
                ConfigurationTable.NODE,
                "each server of the cluster has one, with " + ConfigurationTable.NODE.exampleOf("name"));
        reportIfMissing(
                ConfigurationTable.SITE, "each site has one, with " + ConfigurationTable.SITE.exampleOf("names"));
        reportIfMissing(
                ConfigurationTable.ACME,
                "it names the CA: " + ConfigurationTable.ACME.exampleOf("directory") + " and "
                        + ConfigurationTable.ACME.exampleOf("agree-to-terms"));
    }

    private void reportIfMissing(ConfigurationTable schema, String remedy) {
        Object value = file.get(List.of(schema.label()));
        if (value == null) {
            findings.mistake(START_OF_FILE, "there is no " + schema.header() + "; " + remedy);
        } else if (value instanceof TomlArray array && array.isEmpty()) {
            findings.mistake(positionOf(schema), "there is no " + schema.header() + "; " + remedy);
        }
    }

    private Path store() {
        return single(ConfigurationTable.STORE)
                .flatMap(table -> table.string("directory", PathParser::parseAbsolute))
                .map(Located::value)
                .orElse(Configuration.DEFAULT_STORE);
    }

    /** Returns the reader of a table that the file may have once. */
    private Optional<TableReader> single(ConfigurationTable schema) {
        Object value = file.get(List.of(schema.label()));
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof TomlTable toml) {
            return Optional.of(new TableReader(schema, toml, positionOf(schema), findings));
        }
        findings.mistake(
                positionOf(schema),
                "`" + schema.label() + "` is " + TableReader.typeOf(value)
                        + ", but must be a single table, which begins with " + schema.header());
        return Optional.empty();
    }

    /** Returns the readers of a table that the file may have several times, in the file's order. */
    private List<TableReader> repeated(ConfigurationTable schema) {
        return file.get(List.of(schema.label())) instanceof TomlTable toml && !schema.isRepeated()
                ? List.of(new TableReader(schema, toml, positionOf(schema), findings))
                : TableReader.repeated(schema, file, schema.label(), findings);
    }

    private TomlPosition positionOf(ConfigurationTable schema) {
        return TableReader.positionOf(file, schema.label());
    }
}
