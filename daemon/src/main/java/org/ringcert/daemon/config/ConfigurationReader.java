package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
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

    ConfigurationReader(TomlTable file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** Returns the configuration; empty if there are mistakes. */
    Optional<Configuration> read() {
        reportUnknownTables();
        FrontReader frontReader = new FrontReader(single(TableSchema.FRONT));
        FrontSettings front = frontReader.settings();
        AdminReader.AdminAddress admin = AdminReader.defaultAddress(single(TableSchema.ADMIN));
        List<LocatedNode> nodes = new NodesReader(frontReader.defaultListen(), admin).read(repeated(TableSchema.NODE));
        DeployReader deployReader = new DeployReader();
        List<LocatedSite> sites = new SitesReader(deployReader).read(repeated(TableSchema.SITE));
        List<LocatedAcme> located = new AcmeReader().read(repeated(TableSchema.ACME));
        List<AcmeSettings> authorities =
                located.stream().map(LocatedAcme::settings).toList();
        reportMissingTables();
        new CaRules(findings).check(located, front.handoff(), nodes);
        new KeyRules(findings).check(located, sites);
        new PublicCaRules(findings).check(authorities, front.handoff(), nodes, sites);
        new UniqueNameRules(findings, nodes, sites)
                .check(authorities.stream().anyMatch(ca -> ca.known().isPresent()));
        Path store = store();
        DeploySettings deploy = deployReader.settings(single(TableSchema.DEPLOY));
        CheckSettings check = new CheckReader(single(TableSchema.CHECK)).settings();
        AlertSettings alert = new AlertSettings(CommandWords.readRun(single(TableSchema.ALERT)));
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
            if (TableSchema.fromLabel(name).isEmpty()) {
                findings.mistake(
                        TableReader.positionOf(file, name),
                        "unknown " + (file.get(List.of(name)) instanceof TomlTable ? "table" : "key") + " `"
                                + Findings.quoted(name) + "`; " + Suggestions.forTable(name));
            }
        }
    }

    private void reportMissingTables() {
        reportIfMissing(
                TableSchema.NODE, "each server of the cluster has one, with " + TableSchema.NODE.exampleOf("name"));
        reportIfMissing(TableSchema.SITE, "each site has one, with " + TableSchema.SITE.exampleOf("names"));
        reportIfMissing(
                TableSchema.ACME,
                "it names the CA: " + TableSchema.ACME.exampleOf("directory") + " and "
                        + TableSchema.ACME.exampleOf("agree-to-terms"));
    }

    private void reportIfMissing(TableSchema schema, String remedy) {
        Object value = file.get(List.of(schema.label()));
        if (value == null) {
            findings.mistake(START_OF_FILE, "there is no " + schema.header() + "; " + remedy);
        } else if (value instanceof TomlArray array && array.isEmpty()) {
            findings.mistake(positionOf(schema), "there is no " + schema.header() + "; " + remedy);
        }
    }

    private Path store() {
        return single(TableSchema.STORE)
                .flatMap(table -> table.string("directory", PathParser::parseAbsolute))
                .map(Located::value)
                .orElse(Configuration.DEFAULT_STORE);
    }

    /** Returns the reader of a table that the file may have once. */
    private Optional<TableReader> single(TableSchema schema) {
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
    private List<TableReader> repeated(TableSchema schema) {
        Object value = file.get(List.of(schema.label()));
        if (value == null) {
            return List.of();
        }
        if (value instanceof TomlTable toml && !schema.isRepeated()) {
            return List.of(new TableReader(schema, toml, positionOf(schema), findings));
        }
        if (value instanceof TomlArray array) {
            return elements(schema, array);
        }
        reportWrongTable(schema, positionOf(schema), "is " + TableReader.typeOf(value));
        return List.of();
    }

    private List<TableReader> elements(TableSchema schema, TomlArray array) {
        List<TableReader> tables = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            TomlPosition at = array.inputPositionOf(i);
            if (array.get(i) instanceof TomlTable toml) {
                tables.add(new TableReader(schema, toml, at, findings));
            } else {
                reportWrongTable(schema, at, "holds " + TableReader.typeOf(array.get(i)));
            }
        }
        return tables;
    }

    private void reportWrongTable(TableSchema schema, TomlPosition at, String actual) {
        findings.mistake(
                at,
                "`" + schema.label() + "` " + actual + "; write one table for each, which begins with [["
                        + schema.label() + "]]");
    }

    private TomlPosition positionOf(TableSchema schema) {
        return TableReader.positionOf(file, schema.label());
    }
}
