package org.ringcert.view.look;

import java.util.List;
import java.util.Locale;
import org.ringcert.cluster.AddressText;
import org.ringcert.cluster.PrintableText;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.json.JsonFormat;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Verdict;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the objects of {@link LookJson}. */
final class LookJsonWriter {

    private final int maxText;

    LookJsonWriter(int maxText) {
        this.maxText = maxText;
    }

    /** Returns the name of a rule in reports, such as {@code final-status}. */
    static String label(Rule rule) {
        return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    ObjectNode view(NameView view) {
        ObjectNode object = newObject();
        object.put(LookJson.VERSION_KEY, LookJson.VERSION);
        object.put("name", view.name().value());
        object.put("complete", view.complete());
        putAddresses(object, view.addresses());
        ArrayNode walks = object.putArray("walks");
        view.views().stream().limit(LookJson.MAX_ELEMENTS).forEach(each -> walks.add(addressView(each)));
        putProblems(object, "problems", view.problems());
        putProblems(object, "warnings", view.warnings());
        return object;
    }

    private void putAddresses(ObjectNode object, HostAddresses addresses) {
        ArrayNode array = object.putArray("addresses");
        addresses.all().stream().limit(LookJson.MAX_ELEMENTS).forEach(address -> array.add(AddressText.of(address)));
        ObjectNode failed = newObject();
        putFailure(failed, "ipv4", addresses.ipv4());
        putFailure(failed, "ipv6", addresses.ipv6());
        if (!failed.isEmpty()) {
            object.set("failedLookups", failed);
        }
    }

    private void putFailure(ObjectNode object, String family, AddressLookup lookup) {
        if (lookup instanceof AddressLookup.Failed(String reason)) {
            object.put(family, text(reason));
        }
    }

    private ObjectNode addressView(AddressView view) {
        ObjectNode object = newObject();
        object.put("address", AddressText.of(view.address()));
        object.setAll(walk(view.walk()));
        switch (view.https()) {
            case HttpsView.Certificate certificate -> putCertificate(object.putObject("https"), certificate);
            case HttpsView.None(String reason) -> object.putObject("https").put("none", text(reason));
            case HttpsView.NotSeen() -> {}
        }
        return object;
    }

    ObjectNode walk(Walk walk) {
        ObjectNode object = newObject();
        ArrayNode hops = object.putArray("hops");
        walk.hops().stream().limit(LookJson.MAX_ELEMENTS).forEach(hop -> hops.add(hop(hop)));
        switch (walk.verdict()) {
            case Verdict.Accepted(var answer) ->
                object.put("verdict", "accepted").put("answer", answer.text());
            case Verdict.Refused(Problem problem) ->
                object.put("verdict", "refused").setAll(problem(problem));
            case Verdict.Undecided(String reason, String remedy) ->
                object.put("verdict", "undecided").put("reason", text(reason)).put("remedy", text(remedy));
        }
        putProblems(object, "warnings", walk.warnings());
        return object;
    }

    private ObjectNode hop(Walk.Hop hop) {
        ObjectNode object = newObject();
        putUnlessEmpty(object, "url", hop.url());
        hop.address().ifPresent(address -> object.put("address", AddressText.of(address)));
        hop.status().ifPresent(status -> object.put("status", status));
        object.put("ms", hop.time().toMillis());
        return object;
    }

    private void putCertificate(ObjectNode object, HttpsView.Certificate certificate) {
        object.put("serial", serial(certificate.serial()));
        object.put("issuer", text(certificate.issuer()));
        object.put("notBefore", certificate.notBefore().toString());
        object.put("notAfter", certificate.notAfter().toString());
        object.put("selfSigned", certificate.selfSigned());
        object.put("matchesName", certificate.matchesName());
    }

    private void putProblems(ObjectNode object, String key, List<Problem> problems) {
        ArrayNode array = object.putArray(key);
        problems.stream().limit(LookJson.MAX_ELEMENTS).forEach(problem -> array.add(problem(problem)));
    }

    ObjectNode problem(Problem problem) {
        ObjectNode object = newObject();
        object.put("rule", label(problem.rule()));
        object.put("what", text(problem.what()));
        putUnlessEmpty(object, "says", problem.caSays());
        putUnlessEmpty(object, "remedy", problem.remedy());
        return object;
    }

    private void putUnlessEmpty(ObjectNode object, String key, String text) {
        if (!text.isEmpty()) {
            object.put(key, text(text));
        }
    }

    private String text(String text) {
        return PrintableText.of(text, maxText);
    }

    /** A server may present a certificate with a serial number of any length; those of CAs have 40 digits at most. */
    private static String serial(String digits) {
        return digits.substring(0, Math.min(digits.length(), LookJson.MAX_SERIAL_LENGTH));
    }

    private static ObjectNode newObject() {
        return JsonFormat.newObject();
    }
}
