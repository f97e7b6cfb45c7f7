package org.ringcert.view.look;

/** The answer to a {@link LookRequest}. */
public sealed interface LookAnswer {

    /** Status 200: what was seen, as JSON in ASCII. */
    record Report(String json) implements LookAnswer {}

    /** Status 404: the node does not hold the token, so nothing was looked at. */
    record NotHeld() implements LookAnswer {}

    /** Status 503: too many looks are in progress, or the budget of the source is used up. */
    record Busy() implements LookAnswer {}
}
