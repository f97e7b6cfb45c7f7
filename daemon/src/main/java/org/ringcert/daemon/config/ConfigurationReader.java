package org.ringcert.daemon.config;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads the meaning of a file whose syntax is right. For one thread and one file. */
final class ConfigurationReader {

    private static final int MOST_NAMES = 100;
    private static final TomlPosition BEGINNING = TomlPosition.positionAt(1, 1);

    private final Findings mistakes;

    ConfigurationReader(Findings mistakes) {
        this.mistakes = mistakes;
    }

    /** What the file says; empty if there are mistakes. */
    Optional<Configuration> read(TomlTable file) {
        for (String name : file.keySet()) {
            if (TableSchema.labelled(name).isEmpty()) {
                mistakes.add(
                        TableReader.positionOf(file, name),
                        "unknown " + (file.get(List.of(name)) instanceof TomlTable ? "table" : "key") + " `"
                                + Findings.quoted(name) + "`; " + Suggestions.forTable(name));
            }
        }
        Optional<TableReader> frontTable = single(file, TableSchema.FRONT);
        FrontReader front = new FrontReader(frontTable);
        FrontSettings frontSettings = front.settings();
        NodesReader nodesReader = new NodesReader(front.listen(), admin(file));
        List<NodesReader.Written> nodes = nodesReader.read(repeated(file, TableSchema.NODE));
        DeployReader deployReader = new DeployReader();
        List<Located<List<Located<HostName>>>> sites = sites(repeated(file, TableSchema.SITE), deployReader);
        List<AcmeSettings> authorities = new AcmeReader().read(repeated(file, TableSchema.ACME));
        missing(
                file,
                TableSchema.NODE,
                "each server of the cluster has one, with " + example(TableSchema.NODE, "name"));
        missing(file, TableSchema.SITE, "each site has one, with " + example(TableSchema.SITE, "names"));
        missing(
                file,
                TableSchema.ACME,
                "it names the CA: " + example(TableSchema.ACME, "directory") + " and "
                        + example(TableSchema.ACME, "agree-to-terms"));
        new PublicCaRules(mistakes).check(authorities, frontSettings.handoff(), nodes, sites);
        Path store = single(file, TableSchema.STORE)
                .flatMap(table -> table.string("directory", ConfigurationReader::absolute))
                .map(Located::value)
                .orElse(Configuration.DEFAULT_STORE);
        DeploySettings deploy = deployReader.settings(single(file, TableSchema.DEPLOY));
        Optional<InetSocketAddress> resolver = single(file, TableSchema.CHECK)
                .flatMap(table -> table.string("resolver", ListenAddress::parse))
                .map(address -> address.value().socketAddress());
        if (!mistakes.found().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Configuration(
                nodes.stream().map(NodesReader.Written::settings).toList(),
                sites.stream()
                        .map(site -> new Site(
                                site.value().stream().map(Located::value).toList()))
                        .toList(),
                authorities,
                frontSettings,
                store,
                deploy,
                resolver));
    }

    /** A path that means the same whatever the working directory is. */
    static Path absolute(String written) {
        try {
            Path path = Path.of(written);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    written.indexOf('\0') < 0
                            ? "this cannot be written in the locale of this process, whose character set is "
                                    + System.getProperty("sun.jnu.encoding") + "; set LC_ALL=C.UTF-8"
                            : "this is no path",
                    e);
        }
        throw new IllegalArgumentException("write an absolute path, one that begins with /");
    }

    private ListenAddress admin(TomlTable file) {
        return single(file, TableSchema.ADMIN)
                .flatMap(table -> table.string("listen", ListenAddress::parse))
                .map(Located::value)
                .orElseGet(() -> ListenAddress.parse("127.0.0.1:9402"));
    }

    private List<Located<List<Located<HostName>>>> sites(List<TableReader> tables, DeployReader deploy) {
        List<Located<List<Located<HostName>>>> sites = new ArrayList<>();
        Map<HostName, TomlPosition> seen = new HashMap<>();
        for (TableReader table : tables) {
            if (!table.has("names")) {
                table.missing("names", "write " + example(TableSchema.SITE, "names"));
            }
            Optional<Located<List<Located<HostName>>>> written = table.strings("names", HostNameParser::parse);
            deploy.site(
                    written.flatMap(names -> names.value().stream().findFirst()).map(Located::value), table);
            written.ifPresent(names -> {
                if (table.isEmptyArray("names")) {
                    mistakes.add(
                            names.at(),
                            "`names` is empty; a site has at least one name, the first names the certificate");
                }
                if (names.value().size() > MOST_NAMES) {
                    mistakes.add(
                            names.at(),
                            "`names` has " + names.value().size() + " names, and a certificate " + MOST_NAMES
                                    + " at most; make several sites of it");
                }
                for (Located<HostName> name : names.value()) {
                    TomlPosition before = seen.putIfAbsent(name.value(), name.at());
                    if (before != null) {
                        mistakes.add(
                                name.at(),
                                "`names`, \"" + name.value() + "\": line " + mistakes.lineOf(before)
                                        + " has this name already; a name belongs to one site, once");
                    }
                }
                sites.add(names);
            });
        }
        return sites;
    }

    private void missing(TomlTable file, TableSchema table, String right) {
        Object value = file.get(List.of(table.label()));
        if (value == null || (value instanceof TomlArray array && array.isEmpty())) {
            mistakes.add(
                    value == null ? BEGINNING : TableReader.positionOf(file, table.label()),
                    "there is no " + table.header() + "; " + right);
        }
    }

    private static String example(TableSchema table, String key) {
        return table.key(key).orElseThrow().line();
    }

    private Optional<TableReader> single(TomlTable file, TableSchema table) {
        Object value = file.get(List.of(table.label()));
        if (value == null) {
            return Optional.empty();
        }
        TomlPosition at = TableReader.positionOf(file, table.label());
        if (value instanceof TomlTable toml) {
            return Optional.of(new TableReader(table, toml, at, mistakes));
        }
        mistakes.add(
                at,
                "`" + table.label() + "` is " + TableReader.typeOf(value)
                        + ", but must be a table that stands once, begun by " + table.header());
        return Optional.empty();
    }

    private List<TableReader> repeated(TomlTable file, TableSchema table) {
        Object value = file.get(List.of(table.label()));
        TomlPosition at = TableReader.positionOf(file, table.label());
        List<TableReader> sections = new ArrayList<>();
        if (value instanceof TomlTable toml && !table.repeats()) {
            sections.add(new TableReader(table, toml, at, mistakes));
        } else if (value instanceof TomlArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof TomlTable toml) {
                    sections.add(new TableReader(table, toml, array.inputPositionOf(i), mistakes));
                } else {
                    wrongTable(table, array.inputPositionOf(i), "holds " + TableReader.typeOf(array.get(i)));
                }
            }
        } else if (value != null) {
            wrongTable(table, at, "is " + TableReader.typeOf(value));
        }
        return sections;
    }

    private void wrongTable(TableSchema table, TomlPosition at, String what) {
        mistakes.add(
                at, "`" + table.label() + "` " + what + "; write a table for each, begun by [[" + table.label() + "]]");
    }
}
