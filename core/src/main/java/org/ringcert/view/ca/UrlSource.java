package org.ringcert.view.ca;

/** Where a URL of a walk comes from, in the words of its problems. */
enum UrlSource {
    /** The walk begins with it. A person has written it. */
    START("the URL"),
    /** A server has sent it. */
    REDIRECT("the redirect");

    private final String subject;

    UrlSource(String subject) {
        this.subject = subject;
    }

    /** Returns the subject of sentences about the URL. */
    String subject() {
        return subject;
    }
}
