package org.ringcert.view.ca;

import org.ringcert.challenge.KeyAuthorization;

/** What a body is that is not the expected answer. */
enum BodyKind {
    EMPTY("the body is empty"),
    WHITE_SPACE_AT_END("white space follows the answer that not every CA removes"),
    SPACE_OR_MARK_BEFORE("white space or a byte order mark precedes the answer"),
    ANOTHER_ACCOUNT("the answer is for the right token, but of another account"),
    NOT_REQUESTED("the URL names no token, so no answer can be right"),
    PAGE("the body is a page in HTML"),
    OTHER("the body is not the answer");

    private final String text;

    BodyKind(String text) {
        this.text = text;
    }

    static BodyKind of(String body, ExpectedAnswer expected, boolean isHtml) {
        if (expected.token().isEmpty()) {
            return NOT_REQUESTED;
        }
        if (body.isEmpty()) {
            return EMPTY;
        }
        if (isAnswer(body, expected)) {
            return ANOTHER_ACCOUNT;
        }
        if (isAnswer(body.replaceFirst("[\\s\\x85\\xa0]+$", ""), expected)) {
            return WHITE_SPACE_AT_END;
        }
        if (isAnswer(body.replaceFirst("^(\\s|\\xef\\xbb\\xbf)+", "").strip(), expected)) {
            return SPACE_OR_MARK_BEFORE;
        }
        return isHtml || body.stripLeading().startsWith("<") ? PAGE : OTHER;
    }

    private static boolean isAnswer(String body, ExpectedAnswer expected) {
        return expected.token()
                .flatMap(token -> KeyAuthorization.parse(token, body))
                .isPresent();
    }

    /** Returns what the body is, without quoting it. */
    String text() {
        return text;
    }

    String what(String body) {
        return this == OTHER ? text + ": \"" + Excerpt.of(body) + "\"" : text;
    }

    String remedy(Problems.At at) {
        return switch (this) {
            case EMPTY, PAGE, OTHER, NOT_REQUESTED -> Problems.applicationAnswers(at);
            case WHITE_SPACE_AT_END, SPACE_OR_MARK_BEFORE ->
                "Let " + at.socket() + " send exactly the answer. A script or an editor has added to it.";
            case ANOTHER_ACCOUNT ->
                "Another ACME client, or a server that answers every challenge without asking Ringcert, is behind "
                        + at.socket() + ". Switch it off for this path.";
        };
    }
}
