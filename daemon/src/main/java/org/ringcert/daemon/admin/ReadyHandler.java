package org.ringcert.daemon.admin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.DurationText;
import org.ringcert.daemon.ready.ReadinessJson;
import org.ringcert.daemon.ready.ReadinessText;
import org.ringcert.daemon.ready.ReadyQuestion;
import org.ringcert.daemon.ready.SharedReadiness;
import org.ringcert.view.ready.Readiness;

/**
 * Answers {@code /readyz?site=SITE}: may the site move here? Also {@code &node=NODE}, for another server,
 * {@code &min-left=DURATION}, and {@code &format=json}. The status is 200 if the site may move, and 503 if not.
 */
public final class ReadyHandler implements AdminHandler {

    private static final Set<String> PARAMETERS = Set.of("site", "node", "min-left", "format");

    private final Supplier<Configuration> configuration;
    private final HostName self;
    private final SharedReadiness readiness;

    /**
     * @param configuration returns the one that is in force
     * @param self this node
     */
    public ReadyHandler(Supplier<Configuration> configuration, HostName self, SharedReadiness readiness) {
        this.configuration = configuration;
        this.self = self;
        this.readiness = readiness;
    }

    /** Thrown for a request that has no answer. The message is for the client. */
    private static final class BadRequestException extends Exception {

        private static final long serialVersionUID = 1;

        private final int status;

        BadRequestException(int status, String message) {
            super(message);
            this.status = status;
        }

        AdminResponse response() {
            return AdminResponse.text(status, String.valueOf(getMessage()));
        }
    }

    @Override
    public AdminResponse answer(AdminRequest request) throws InterruptedException {
        try {
            boolean isJson = isJson(request);
            return response(readiness.answer(question(request)), isJson);
        } catch (BadRequestException e) {
            return e.response();
        } catch (SharedReadiness.BusyException e) {
            return AdminResponse.text(503, String.valueOf(e.getMessage()));
        }
    }

    private AdminResponse response(Readiness answer, boolean isJson) {
        int status = answer.isReady() ? 200 : 503;
        return isJson
                ? new AdminResponse(
                        status,
                        "application/json",
                        ReadinessJson.of(answer, self).getBytes(StandardCharsets.UTF_8))
                : AdminResponse.text(status, ReadinessText.of(answer, self).stripTrailing());
    }

    private static boolean isJson(AdminRequest request) throws BadRequestException {
        if (!PARAMETERS.containsAll(request.query().keySet())) {
            throw new BadRequestException(
                    400, "unknown parameter; use site, node, min-left and format, as in /readyz?site=www.example.org");
        }
        return switch (request.parameter("format").orElse("text")) {
            case "json" -> true;
            case "text" -> false;
            default -> throw new BadRequestException(400, "format: write json or text");
        };
    }

    private ReadyQuestion question(AdminRequest request) throws BadRequestException {
        Configuration current = configuration.get();
        return new ReadyQuestion(site(current, request), node(current, request), minRemaining(request));
    }

    private static Site site(Configuration configuration, AdminRequest request) throws BadRequestException {
        String written = request.parameter("site")
                .filter(site -> !site.isEmpty())
                .orElseThrow(() ->
                        new BadRequestException(400, "which site? Ask for /readyz?site=NAME with any name of a site"));
        try {
            return configuration
                    .site(HostName.of(written))
                    .orElseThrow(() -> new BadRequestException(
                            404, "the configuration of this server has no site with this name"));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(400, "site: this is not a host name");
        }
    }

    private HostName node(Configuration configuration, AdminRequest request) throws BadRequestException {
        Optional<String> written = request.parameter("node").filter(node -> !node.isEmpty());
        try {
            return written.isPresent() ? configuration.findNode("node", written.get()) : self;
        } catch (ConfigurationException e) {
            throw new BadRequestException(404, String.valueOf(e.getMessage()));
        }
    }

    private static Duration minRemaining(AdminRequest request) throws BadRequestException {
        Optional<String> written = request.parameter("min-left").filter(duration -> !duration.isEmpty());
        try {
            return written.isPresent() ? DurationText.parse(written.get()) : ReadyQuestion.DEFAULT_MIN_REMAINING;
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(400, "min-left: " + e.getMessage());
        }
    }
}
