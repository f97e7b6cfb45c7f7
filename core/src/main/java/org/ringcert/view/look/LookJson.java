package org.ringcert.view.look;

import java.util.List;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.json.JsonFormat;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.Disclosure;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.ReportedProblem;
import org.ringcert.view.ca.Walk;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a CA would see, as JSON: the report that a node sends to a peer, and what commands print for programs. Later
 * versions may add keys, and values of {@code rule}; readers ignore what they do not know. A change that earlier
 * readers would misunderstand gets another {@value #VERSION_KEY}.
 *
 * <pre>{@code
 * {"version": 1, "name": "www.example.org", "complete": true,
 *  "addresses": ["192.0.2.1"], "failedLookups": {"ipv6": "SERVFAIL"},
 *  "walks": [
 *    {"address": "192.0.2.1",
 *     "hops": [{"url": "http://www.example.org/...", "address": "192.0.2.1", "status": 404, "ms": 12}],
 *     "verdict": "refused", "rule": "final-status", "what": "...", "says": "...", "remedy": "...",
 *     "warnings": [{"rule": "...", "what": "...", "says": "...", "remedy": "..."}],
 *     "https": {"serial": "...", "issuer": "...", "notBefore": "...", "notAfter": "...",
 *               "selfSigned": false, "matchesName": true}}],
 *  "problems": [], "warnings": []}
 * }</pre>
 *
 * <p>A verdict is {@code accepted} with an {@code answer}, {@code refused} with the keys of a problem, or
 * {@code undecided} with a {@code reason}. Where https presents no certificate, {@code https} has only a {@code none}
 * with the reason; where nobody looked, there is no {@code https}.
 *
 * <p>A report to a peer has what {@link Disclosure} leaves: no {@code says} and no {@code remedy}, and a {@code url}
 * only for the first hop. A reader takes both from its own {@link ReportedProblem}.
 */
public final class LookJson {

    /** Maximum size of a report, in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    static final String VERSION_KEY = "version";
    static final int VERSION = 1;

    /** Maximum length of a text, in characters. A URL of 2000 characters fits. */
    static final int MAX_TEXT = 2_100;

    /** The most elements of any array. A walk has ten hops, and a look visits far fewer addresses. */
    static final int MAX_ELEMENTS = 100;

    static final int MAX_SERIAL_LENGTH = 64;

    /** Maximum lengths of texts for reports that would otherwise be too large, in the order in which they are tried. */
    private static final List<Integer> SHORTER_TEXTS = List.of(500, 120);

    /** Maximum depth of a report. Those of this version have five levels; later ones may have more. */
    private static final int MAX_DEPTH = 16;

    static final JsonFormat FORMAT = new JsonFormat(JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxDocumentLength(MAX_BYTES)
                    .build())
            .build());

    private LookJson() {}

    /** Returns a view as a JSON object. Texts are printable and have a maximum length. */
    public static ObjectNode toNode(NameView view) {
        return new LookJsonWriter(MAX_TEXT).view(view);
    }

    /** Returns a walk as a JSON object, with the keys that a walk has in a view. */
    public static ObjectNode toNode(Walk walk) {
        return new LookJsonWriter(MAX_TEXT).walk(walk);
    }

    /** Returns a problem or a warning as a JSON object. */
    public static ObjectNode toNode(Problem problem) {
        return new LookJsonWriter(MAX_TEXT).problem(problem);
    }

    /**
     * Returns a report in ASCII, of {@value #MAX_BYTES} bytes at most. If everything is too much, texts are cut first;
     * then views are left out, and the report says that it is not complete.
     */
    static String write(NameView view) {
        String report = FORMAT.write(toNode(view));
        for (int maxText : SHORTER_TEXTS) {
            if (report.length() <= MAX_BYTES) {
                return report;
            }
            report = write(view, maxText);
        }
        NameView smaller = view;
        while (report.length() > MAX_BYTES) {
            smaller = withHalf(smaller);
            report = write(smaller, SHORTER_TEXTS.getLast());
        }
        return report;
    }

    private static String write(NameView view, int maxText) {
        return FORMAT.write(new LookJsonWriter(maxText).view(view));
    }

    private static NameView withHalf(NameView view) {
        List<AddressView> views = view.views().subList(0, view.views().size() / 2);
        return new NameView(
                view.name(), view.addresses(), views, firstHalf(view.problems()), firstHalf(view.warnings()), false);
    }

    private static List<Problem> firstHalf(List<Problem> problems) {
        return problems.subList(0, (problems.size() + 1) / 2);
    }

    /**
     * Reads a report, which is untrusted. What a peer says about the name may be wrong, but it is printable, and no
     * larger than what this version writes.
     *
     * @param name what the peer was asked to look at
     * @param probe what a CA must get
     * @throws LookFormatException if this is not a report, or one about another name or another probe
     */
    static NameView read(String report, HostName name, KeyAuthorization probe) throws LookFormatException {
        return new LookJsonReader(name, probe).read(report);
    }
}
