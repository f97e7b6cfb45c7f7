package org.ringcert.it.view;

import java.io.IOException;
import java.util.List;
import org.ringcert.dns.ScriptedDns.Behavior;

/**
 * A DNS server of a {@link TestNetwork}, on port 53 over UDP and TCP.
 *
 * @param address its IPv4 address
 */
public record NetworkDns(TestNetwork network, String address) {

    /** Adds records of type A or AAAA. */
    public NetworkDns addresses(String name, String... addresses) throws IOException {
        for (String each : addresses) {
            add(name, each.contains(":") ? "AAAA" : "A", each);
        }
        return this;
    }

    /** Makes these the only records of the name. */
    public NetworkDns setAddresses(String name, String... addresses) throws IOException {
        return clear(name).addresses(name, addresses);
    }

    /** Adds a record. The value is as in a zone file. */
    NetworkDns add(String name, String type, String value) throws IOException {
        return command("add", name, type, value);
    }

    NetworkDns clear(String name) throws IOException {
        return command("clear", name);
    }

    NetworkDns behave(String name, Behavior behavior) throws IOException {
        return command("behave", name, behavior.name());
    }

    /** Applies to all names. */
    NetworkDns behave(Behavior behavior) throws IOException {
        return command("behave-always", behavior.name());
    }

    /**
     * Makes queries fail.
     *
     * @param type {@code ANY} for all types
     * @param rcode such as SERVFAIL
     */
    NetworkDns fail(String name, String type, String rcode) throws IOException {
        return command("fail", name, type, rcode);
    }

    /** Returns the queries so far, such as {@code "udp A www.example.com"}. */
    List<String> queries() throws IOException {
        return network.control("queries", address);
    }

    /** Returns the lines of the configuration that make a node ask this server. */
    String asResolver() {
        return "resolver = \"" + address + ":53\"\n";
    }

    private NetworkDns command(String action, String... words) throws IOException {
        network.control(action, address, String.join(" ", words));
        return this;
    }
}
