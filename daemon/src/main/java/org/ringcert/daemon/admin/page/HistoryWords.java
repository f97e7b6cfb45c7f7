package org.ringcert.daemon.admin.page;

import java.net.URI;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.admin.page.HistoryItem.Outcome;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.store.HistoryEvent;
import org.ringcert.store.HistoryEvent.Hop;

/** The events of a site's history in words. */
public final class HistoryWords {

    /** How an answer with a redirect begins, see {@link Hop}. */
    private static final String SENT_TO = "sent-to ";

    private HistoryWords() {}

    /** Returns the events in the opposite order: the latest first. */
    public static List<HistoryItem> latestFirst(List<HistoryEvent> events) {
        return events.reversed().stream().map(HistoryWords::item).toList();
    }

    private static HistoryItem item(HistoryEvent event) {
        return new HistoryItem(
                event.time(),
                outcome(event),
                text(event),
                event.text(),
                event.hops().stream().map(HistoryWords::hop).toList());
    }

    private static Outcome outcome(HistoryEvent event) {
        return switch (event.type()) {
            case ORDERED, VALIDATED, POSTPONED, REVOKED -> Outcome.NEUTRAL;
            case INSTALLED, DEPLOYED -> Outcome.GOOD;
            case FELL_BACK,
                    UNIQUE_NAME_LEFT_OUT,
                    VALIDATION_FAILED,
                    FAILED,
                    IMPLAUSIBLE_DATES,
                    NOT_DEPLOYED,
                    NOT_SERVED,
                    TEST_FAILED -> Outcome.BAD;
        };
    }

    private static String text(HistoryEvent event) {
        String certificate = event.certificate()
                + event.issued().map(issued -> ", serial " + issued.serial()).orElse("");
        String host =
                event.host().map(HostName::value).orElse(event.certificate().toString());
        String ca = event.ca().map(uri -> " at " + authority(uri)).orElse("");
        return switch (event.type()) {
            case ORDERED -> "Ordered a certificate" + ca;
            case FELL_BACK -> "Ordered from another CA than the preferred one" + ca;
            case VALIDATED -> "The CA validated " + host;
            case VALIDATION_FAILED -> "The CA could not validate " + host;
            case FAILED -> "The CA issued no certificate" + ca;
            case POSTPONED -> "The order waits";
            case UNIQUE_NAME_LEFT_OUT -> "Ordered without " + host;
            case TEST_FAILED -> "Clients would refuse a renewed certificate";
            case INSTALLED ->
                "Installed " + certificate
                        + event.issued()
                                .map(issued -> ", valid until " + HumanTime.toMinute(issued.notAfter()))
                                .orElse("");
            case IMPLAUSIBLE_DATES -> "The dates of " + certificate + " do not agree with this server's clock";
            case DEPLOYED -> "Deployed " + certificate + ": visitors get it";
            case NOT_DEPLOYED -> "Could not deploy " + certificate;
            case NOT_SERVED -> "Visitors do not get " + certificate;
            case REVOKED -> "Revoked " + certificate;
        };
    }

    /** Returns what the CA requested, or the request that this server saw. */
    private static String hop(Hop hop) {
        if (!hop.url().isEmpty()) {
            return hop.url() + (hop.address().isEmpty() ? "" : " at " + hop.address());
        }
        return "from " + hop.address() + ": " + answer(hop.answer());
    }

    private static String answer(String answer) {
        return switch (answer) {
            case "held" -> "answered here";
            case "relayed" -> "answered here for another server";
            case "unknown" -> "not found here";
            default ->
                answer.startsWith(SENT_TO) ? "sent to " + authorityOf(answer.substring(SENT_TO.length())) : answer;
        };
    }

    /** Returns the server of a URL; the text itself if it is none, because it was read from a file. */
    private static String authorityOf(String url) {
        try {
            return authority(URI.create(url));
        } catch (IllegalArgumentException _) {
            return url;
        }
    }

    /** Returns the host, and the port unless it is the default of the scheme. */
    private static String authority(URI uri) {
        if (uri.getHost() == null) {
            return uri.toString();
        }
        int standard = "http".equals(uri.getScheme()) ? 80 : 443;
        return uri.getPort() < 0 || uri.getPort() == standard ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }
}
