package org.ringcert.daemon.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The tables that the configuration file may have, with all their keys. Anything else in the file is a mistake. */
enum ConfigurationTable implements TableSchema {
    NODE(
            "node",
            new Key("name", Key.Type.STRING, "\"web0.example.org\""),
            new Key("address", Key.Type.STRING, "\"10.0.0.10\""),
            new Key("port", Key.Type.INTEGER, "80"),
            new Key("listen", Key.Type.STRINGS, "[\"[::]:80\"]"),
            new Key("admin", Key.Type.STRING, "\"127.0.0.1:9402\""),
            new Key("https", Key.Type.STRING, "\"10.0.0.10:443\""),
            new Key("group", Key.Type.STRING, "\"a\"")),
    SITE(
            "site",
            new Key("names", Key.Type.STRINGS, "[\"www.example.org\", \"example.org\"]"),
            new Key("keys", Key.Type.STRINGS, "[\"ec256\", \"rsa2048\"]"),
            new Key("profile", Key.Type.STRING, "\"shortlived\""),
            new Key("unique-name", Key.Type.STRING, "\"{node}.www.example.org\""),
            new Key("deploy", Key.Type.STRINGS, "[\"systemctl\", \"reload\", \"postfix\"]")),
    ACME(
            "acme",
            new Key("directory", Key.Type.STRING, "\"letsencrypt\""),
            new Key("contact", Key.Type.STRING, "\"hostmaster@example.org\""),
            new Key("agree-to-terms", Key.Type.BOOLEAN, "true"),
            new Key("ca-file", Key.Type.STRING, "\"/etc/ringcert/ca.pem\""),
            new Key("profile", Key.Type.STRING, "\"tlsserver\""),
            new Key("keys", Key.Type.STRINGS, "[\"ec256\", \"rsa2048\"]"),
            new Key("key", Key.Type.STRING, "\"ec256\""),
            new Key("reuse-key", Key.Type.BOOLEAN, "true"),
            new Key("chain", Key.Type.STRING, "\"ISRG Root X2\""),
            new Key("eab-file", Key.Type.STRING, "\"/etc/ringcert/zerossl.eab\""),
            new Key("eab-kid", Key.Type.STRING, "\"kid-1\""),
            new Key("eab-hmac-file", Key.Type.STRING, "\"/etc/ringcert/zerossl.hmac\""),
            new Key("handoff", Key.Type.STRING, "\"relay\""),
            new Key("limits", Key.Type.STRING, "\"/etc/ringcert/limits.toml\"")),
    FRONT(
            "front",
            new Key("listen", Key.Type.STRINGS, "[\"[::]:80\"]"),
            new Key("handoff", Key.Type.STRING, "\"redirect\""),
            new Key("watch", Key.Type.STRING, "\"5s\""),
            new Key("also", Key.Type.STRINGS, "[\"/var/www/html/.well-known/acme-challenge\"]"),
            new Key("redirect-other-hosts", Key.Type.BOOLEAN, "false")),
    STORE("store", new Key("directory", Key.Type.STRING, "\"" + Configuration.DEFAULT_STORE + "\"")),
    DEPLOY(
            "deploy",
            new Key("run", Key.Type.STRINGS, "[\"systemctl\", \"reload\", \"apache2\"]"),
            new Key("haproxy-socket", Key.Type.STRING, "\"/run/haproxy/admin.sock\"")),
    CHECK(
            "check",
            new Key("resolver", Key.Type.STRING, "\"9.9.9.9:53\""),
            new Key("before-order", Key.Type.STRING, "\"warn\""),
            new Key("canary", Key.Type.STRINGS, "[\"/usr/local/bin/ringcert-canary\"]")),
    ALERT("alert", new Key("run", Key.Type.STRINGS, "[\"/usr/local/bin/ringcert-alert\"]")),
    ADMIN("admin", new Key("listen", Key.Type.STRING, "\"127.0.0.1:9402\""));

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Key> keys;

    ConfigurationTable(String label, Key... keys) {
        this.label = label;
        this.keys = List.of(keys);
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public List<Key> keys() {
        return keys;
    }

    /** Returns whether the file may have several of it and must write it in double brackets. */
    boolean isRepeated() {
        return this == NODE || this == SITE;
    }

    @Override
    public String header() {
        return isRepeated() ? "[[" + label + "]]" : "[" + label + "]";
    }

    @Override
    public List<ConfigurationTable> tablesOfFile() {
        return List.of(values());
    }

    static Optional<ConfigurationTable> fromLabel(String label) {
        return Arrays.stream(values())
                .filter(table -> table.label.equals(label))
                .findFirst();
    }
}
