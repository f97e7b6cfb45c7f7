package org.ringcert.it.web;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server of a cluster runs on its port 80. */
enum ServerKind {
    APACHE_FILES(ServerProduct.APACHE, "files"),
    APACHE_PROXY(ServerProduct.APACHE, "proxy"),
    NGINX_FILES(ServerProduct.NGINX, "files"),
    NGINX_PROXY(ServerProduct.NGINX, "proxy"),
    HAPROXY_PROXY(ServerProduct.HAPROXY, "proxy"),
    /** Ringcert's daemon itself. */
    DAEMON(null, ""),
    /** Apache with the rules of "Clustering Let's Encrypt with Apache" (2019), which do not know {@code left}. */
    ARTICLE(null, "");

    private final @Nullable ServerProduct product;
    private final String mode;

    ServerKind(@Nullable ServerProduct product, String mode) {
        this.product = product;
        this.mode = mode;
    }

    /** Returns the web server for which Ringcert prints configuration. */
    Optional<ServerProduct> product() {
        return Optional.ofNullable(product);
    }

    String mode() {
        return mode;
    }

    boolean hasDaemon() {
        return this == DAEMON || mode.equals("proxy");
    }
}
