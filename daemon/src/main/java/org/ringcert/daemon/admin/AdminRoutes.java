package org.ringcert.daemon.admin;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which handler answers which path of the admin server. Immutable. */
public final class AdminRoutes {

    private final Map<String, Route> exact;
    private final Map<String, Route> byPrefix;

    private AdminRoutes(Builder builder) {
        this.exact = Map.copyOf(builder.exact);
        this.byPrefix = Map.copyOf(builder.byPrefix);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the route of a decoded path: the one for exactly this path, else the one with the longest prefix of it.
     */
    Optional<Route> find(String path) {
        Optional<Route> route = Optional.ofNullable(exact.get(path));
        int end = path.lastIndexOf('/');
        while (route.isEmpty() && end >= 0) {
            route = Optional.ofNullable(byPrefix.get(path.substring(0, end + 1)));
            end = path.lastIndexOf('/', end - 1);
        }
        return route;
    }

    /** Which values of the header field {@code Host} a route accepts. */
    enum Hosts {
        /** Balancers ask by address, and send any name or none. */
        ANY,

        /** A foreign page cannot read this one by a name of its own that leads here (DNS rebinding). */
        OWN
    }

    /** How many requests are answered at the same time. */
    enum Load {
        /** Any number. */
        LIGHT,

        /** Some dozens: the answer takes seconds, but hardly any memory. */
        SLOW,

        /** A few: the answer takes memory. */
        HEAVY
    }

    record Route(String path, Hosts hosts, Load load, AdminHandler handler) {}

    /** Collects routes. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Route> exact = new HashMap<>();
        private final Map<String, Route> byPrefix = new HashMap<>();

        private Builder() {}

        /**
         * Adds a path that balancers ask, by any name or address of this server. The handler takes little memory, and
         * may be called by any number of threads at the same time.
         *
         * @throws IllegalArgumentException if the path has a handler
         */
        public Builder probe(String path, AdminHandler handler) {
            return add(exact, new Route(path, Hosts.ANY, Load.LIGHT, handler));
        }

        /**
         * Adds a path that is asked as those of {@link #probe} are, but whose answer takes seconds. Some dozens of
         * requests for such paths are answered at the same time, and others get 503, so that there is always room for
         * probes.
         *
         * @throws IllegalArgumentException if the path has a handler
         */
        public Builder slowProbe(String path, AdminHandler handler) {
            return add(exact, new Route(path, Hosts.ANY, Load.SLOW, handler));
        }

        /**
         * Adds a path for people and their programs. It must be asked by an address, or by this server's own name. Only
         * a few requests are answered at the same time. Others wait, and get 503 after some seconds, or at once if many
         * wait already.
         *
         * @throws IllegalArgumentException if the path has a handler
         */
        public Builder page(String path, AdminHandler handler) {
            return add(exact, new Route(path, Hosts.OWN, Load.HEAVY, handler));
        }

        /**
         * Adds all paths that begin with a prefix and have no handler of their own, as {@link #page} does.
         *
         * @param prefix ends with a slash
         * @throws IllegalArgumentException if the prefix has a handler, or does not end with a slash
         */
        public Builder pages(String prefix, AdminHandler handler) {
            return addPrefix(new Route(prefix, Hosts.OWN, Load.HEAVY, handler));
        }

        /**
         * Adds the path of a file that pages use. The handler takes little memory, and may be called by any number of
         * threads at the same time.
         *
         * @throws IllegalArgumentException if the path has a handler
         */
        public Builder file(String path, AdminHandler handler) {
            return add(exact, new Route(path, Hosts.OWN, Load.LIGHT, handler));
        }

        public AdminRoutes build() {
            return new AdminRoutes(this);
        }

        private Builder addPrefix(Route route) {
            if (!route.path().endsWith("/")) {
                throw new IllegalArgumentException("a prefix ends with a slash: " + route.path());
            }
            return add(byPrefix, route);
        }

        private Builder add(Map<String, Route> routes, Route route) {
            if (routes.putIfAbsent(route.path(), route) != null) {
                throw new IllegalArgumentException("two handlers for " + route.path());
            }
            return this;
        }
    }
}
