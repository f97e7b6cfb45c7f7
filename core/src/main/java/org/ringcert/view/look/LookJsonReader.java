package org.ringcert.view.look;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.Disclosure;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.ReportedProblem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;

/** Reads what {@link LookJsonWriter} writes. It comes from a peer, so everything is checked. */
final class LookJsonReader {

    private static final int MAX_MILLIS = 600_000;

    private final HostName name;
    private final KeyAuthorization probe;

    LookJsonReader(HostName name, KeyAuthorization probe) {
        this.name = name;
        this.probe = probe;
    }

    NameView read(String report) throws LookFormatException {
        UntrustedJson root = UntrustedJson.parse(report);
        if (root.integer(LookJson.VERSION_KEY, 0, Integer.MAX_VALUE) != LookJson.VERSION) {
            throw new LookFormatException("its version is not " + LookJson.VERSION);
        }
        if (!root.text("name").equals(name.value())) {
            throw new LookFormatException("it is about another name");
        }
        List<AddressView> views = new ArrayList<>();
        for (UntrustedJson each : root.objects("walks", LookJson.MAX_ELEMENTS)) {
            views.add(new AddressView(address(each.text("address")), walk(each), https(each)));
        }
        return new NameView(
                name,
                addresses(root),
                views,
                problems(root, "problems"),
                problems(root, "warnings"),
                root.flag("complete"));
    }

    private static HostAddresses addresses(UntrustedJson root) throws LookFormatException {
        List<InetAddress> all = new ArrayList<>();
        for (String text : root.texts("addresses", LookJson.MAX_ELEMENTS)) {
            all.add(address(text));
        }
        Optional<UntrustedJson> failed = root.optionalObject("failedLookups");
        return new HostAddresses(
                lookup(all.stream().filter(Inet4Address.class::isInstance), failed, "ipv4"),
                lookup(all.stream().filter(Inet6Address.class::isInstance), failed, "ipv6"));
    }

    private static AddressLookup lookup(Stream<InetAddress> found, Optional<UntrustedJson> failed, String family)
            throws LookFormatException {
        List<InetAddress> addresses = found.toList();
        if (!addresses.isEmpty()) {
            return new AddressLookup.Found(addresses);
        }
        Optional<String> reason =
                failed.isEmpty() ? Optional.empty() : failed.get().optionalText(family);
        return reason.<AddressLookup>map(AddressLookup.Failed::new).orElseGet(AddressLookup.None::new);
    }

    private Walk walk(UntrustedJson object) throws LookFormatException {
        List<Hop> hops = new ArrayList<>();
        for (UntrustedJson each : object.objects("hops", LookJson.MAX_ELEMENTS)) {
            hops.add(hop(each));
        }
        return new Walk(hops, verdict(object), problems(object, "warnings"));
    }

    private static Hop hop(UntrustedJson object) throws LookFormatException {
        Optional<String> address = object.optionalText("address");
        return new Hop(
                object.optionalText("url").orElse("").replaceAll("[^!-~]", "?"),
                address.isEmpty() ? Optional.empty() : Optional.of(address(address.get())),
                object.has("status") ? OptionalInt.of(object.integer("status", 100, 999)) : OptionalInt.empty(),
                Duration.ofMillis(object.integer("ms", 0, MAX_MILLIS)));
    }

    private Verdict verdict(UntrustedJson object) throws LookFormatException {
        return switch (object.text("verdict")) {
            case "accepted" -> accepted(object);
            case "refused" -> new Verdict.Refused(problem(object));
            case "undecided" ->
                new Verdict.Undecided(shortText(object.text("reason")), "Run `ringcert check` on that server itself.");
            default -> throw new LookFormatException("it has an unknown verdict");
        };
    }

    private Verdict accepted(UntrustedJson object) throws LookFormatException {
        if (!object.text("answer").equals(probe.text())) {
            throw new LookFormatException("it accepted another answer");
        }
        return new Verdict.Accepted(probe);
    }

    private static HttpsView https(UntrustedJson object) throws LookFormatException {
        Optional<UntrustedJson> https = object.optionalObject("https");
        if (https.isEmpty()) {
            return new HttpsView.NotSeen();
        }
        Optional<String> none = https.get().optionalText("none");
        return none.isPresent() ? new HttpsView.None(shortText(none.get())) : certificate(https.get());
    }

    /** Returns a text that will be quoted to a person. */
    private static String shortText(String text) {
        return PrintableText.of(text, Disclosure.MAX_SUMMARY);
    }

    private static HttpsView certificate(UntrustedJson object) throws LookFormatException {
        return new HttpsView.Certificate(
                serial(object.text("serial")),
                object.text("issuer"),
                instant(object, "notBefore"),
                instant(object, "notAfter"),
                object.flag("selfSigned"),
                object.flag("matchesName"));
    }

    private static String serial(String text) throws LookFormatException {
        if (!text.matches("-?[0-9a-f]+") || text.length() > LookJson.MAX_SERIAL_LENGTH) {
            throw new LookFormatException("\"serial\" is not a hexadecimal number");
        }
        return text;
    }

    /** A certificate's dates have years of four digits (RFC 5280, section 4.1.2.5). */
    private static Instant instant(UntrustedJson object, String key) throws LookFormatException {
        String text = object.text(key);
        if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}Z")) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException _) {
                // Such as the 30th of February.
            }
        }
        throw new LookFormatException("\"" + key + "\" is not a time");
    }

    private static List<Problem> problems(UntrustedJson object, String key) throws LookFormatException {
        List<Problem> problems = new ArrayList<>();
        for (UntrustedJson each : object.objects(key, LookJson.MAX_ELEMENTS)) {
            problems.add(problem(each));
        }
        return problems;
    }

    private static Problem problem(UntrustedJson object) throws LookFormatException {
        return ReportedProblem.of(rule(object.text("rule")), shortText(object.text("what")));
    }

    /** A later version may have rules that this one does not know. All of them are about what viewpoints see. */
    private static Rule rule(String label) {
        return Arrays.stream(Rule.values())
                .filter(rule -> LookJsonWriter.label(rule).equals(label))
                .findFirst()
                .orElse(Rule.VIEWPOINTS);
    }

    private static InetAddress address(String text) throws LookFormatException {
        // Stricter than the JDK, which accepts zones and IPv4 addresses with fewer than four numbers.
        if (text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException _) {
                // Such as 256.1.1.1.
            }
        }
        throw new LookFormatException("it has an address that is none");
    }
}
