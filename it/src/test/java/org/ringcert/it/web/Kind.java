package org.ringcert.it.web;

import java.util.Optional;

/** What a server of a cluster has on its port 80. */
enum Kind {
    APACHE_FILES(Make.APACHE, "files"),
    APACHE_PROXY(Make.APACHE, "proxy"),
    NGINX_FILES(Make.NGINX, "files"),
    NGINX_PROXY(Make.NGINX, "proxy"),
    HAPROXY_PROXY(Make.HAPROXY, "proxy"),
    /** Ringcert's daemon itself. */
    DAEMON(null, ""),
    /** Apache with the rules of the article, which know nothing of {@code left}. */
    ARTICLE(null, "");

    private final @org.jspecify.annotations.Nullable Make make;
    private final String mode;

    Kind(@org.jspecify.annotations.Nullable Make make, String mode) {
        this.make = make;
        this.mode = mode;
    }

    /** The web server with printed configuration. */
    Optional<Make> make() {
        return Optional.ofNullable(make);
    }

    String mode() {
        return mode;
    }

    boolean hasDaemon() {
        return this == DAEMON || mode.equals("proxy");
    }
}
