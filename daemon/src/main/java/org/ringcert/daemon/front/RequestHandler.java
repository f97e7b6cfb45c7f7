package org.ringcert.daemon.front;

import java.net.InetAddress;
import java.util.function.Consumer;

/** Finds the response to a request. For the event loop only, apart from {@link #reconfigure}. */
final class RequestHandler {

    private final ChallengeDispatcher challenges;
    private final LookDispatcher looks;
    private final FrontEvents events;
    private volatile Router router;

    RequestHandler(FrontService service, ChallengeDispatcher challenges, LookDispatcher looks, FrontEvents events) {
        this.router = new Router(service);
        this.challenges = challenges;
        this.looks = looks;
        this.events = events;
    }

    /** Serves this service from the next request on. May be called by any thread. */
    void reconfigure(FrontService service) {
        router = new Router(service);
    }

    /**
     * Handles a request. Calls back on the event loop, immediately or later, exactly once unless the loop has ended.
     */
    void handle(RequestHead head, InetAddress source, Consumer<FrontResponse> callback) {
        Router current = router;
        switch (current.route(head, source)) {
            case Route.Challenge challenge ->
                challenges.dispatch(challenge.request(), current.service().responder(), callback);
            case Route.Look look ->
                looks.dispatch(look.request(), current.service().lookResponder(), callback);
            case Route.HealthCheck() -> {
                events.healthChecked();
                callback.accept(FrontResponse.healthy());
            }
            case Route.Redirect redirect -> {
                events.redirectedToHttps();
                callback.accept(FrontResponse.redirect(redirect));
            }
            case Route.Reject reject -> {
                events.requestRefused(reject.error());
                callback.accept(FrontResponse.error(reject.error()));
            }
        }
    }
}
