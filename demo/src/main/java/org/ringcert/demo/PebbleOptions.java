package org.ringcert.demo;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The behaviour of a test CA. Debian's Pebble knows no profiles, and ignores {@link #withOtherProfiles} and
 * {@link #withRetryAfter}. Immutable: each setting returns changed options.
 */
public final class PebbleOptions {

    private final List<InetAddress> addresses;
    private int httpPort = 0;
    private int refusedNonces = 5;
    private Duration validationDelay = Duration.ZERO;
    private int reusedAuthorizations = 0;
    private Duration validity = Duration.ofDays(90);
    private Map<String, Duration> otherProfiles = Map.of();
    private Optional<Duration> retryAfter = Optional.empty();
    private Map<String, String> externalAccountKeys = Map.of();
    private int alternateRoots = 0;

    private PebbleOptions(List<InetAddress> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    /**
     * Returns options for a quick and strict CA: no delay, every order is validated, 5 % of nonces are refused,
     * certificates are good for 90 days, and there is one profile.
     *
     * @param addresses the addresses where nodes will listen on the port that the CA validates on
     */
    public static PebbleOptions on(List<InetAddress> addresses) {
        return new PebbleOptions(addresses);
    }

    private PebbleOptions with(Consumer<PebbleOptions> change) {
        PebbleOptions copy = new PebbleOptions(addresses);
        copy.httpPort = httpPort;
        copy.refusedNonces = refusedNonces;
        copy.validationDelay = validationDelay;
        copy.reusedAuthorizations = reusedAuthorizations;
        copy.validity = validity;
        copy.otherProfiles = otherProfiles;
        copy.retryAfter = retryAfter;
        copy.externalAccountKeys = externalAccountKeys;
        copy.alternateRoots = alternateRoots;
        change.accept(copy);
        return copy;
    }

    /** The port that it validates on; 0 for one that is free on all of the addresses. */
    public PebbleOptions withHttpPort(int port) {
        return with(copy -> copy.httpPort = port);
    }

    /** The percentage of good nonces that it refuses. */
    public PebbleOptions withRefusedNonces(int percent) {
        return with(copy -> copy.refusedNonces = percent);
    }

    /** The upper limit, in whole seconds, of a random delay before each validation; zero for no delay. */
    public PebbleOptions withValidationDelay(Duration delay) {
        return with(copy -> copy.validationDelay = delay);
    }

    /** The percentage of orders that reuse a valid authorization. */
    public PebbleOptions withReusedAuthorizations(int percent) {
        return with(copy -> copy.reusedAuthorizations = percent);
    }

    /** The lifetime of certificates of the profile {@code default}, in whole seconds. */
    public PebbleOptions withValidity(Duration lifetime) {
        return with(copy -> copy.validity = lifetime);
    }

    /**
     * Further profiles, each with the lifetime of its certificates in whole seconds. If there are any, the CA chooses
     * one of all profiles at random for an order that asks for none.
     */
    public PebbleOptions withOtherProfiles(Map<String, Duration> profiles) {
        return with(copy -> copy.otherProfiles = Map.copyOf(profiles));
    }

    /**
     * How long clients are told to wait before they look at a pending authorization or order again, in whole seconds.
     * The CA writes it as seconds or as a date, at random.
     */
    public PebbleOptions withRetryAfter(Duration wait) {
        return with(copy -> copy.retryAfter = Optional.of(wait));
    }

    /**
     * The HMAC keys that accounts can be bound to, in base64url, by key id. If there are any, the CA refuses accounts
     * without such a binding.
     */
    public PebbleOptions withExternalAccountKeys(Map<String, String> keys) {
        return with(copy -> copy.externalAccountKeys = Map.copyOf(keys));
    }

    /** The number of chains that it offers besides the first. */
    public PebbleOptions withAlternateRoots(int count) {
        return with(copy -> copy.alternateRoots = count);
    }

    int httpPort() {
        return httpPort;
    }

    List<InetAddress> addresses() {
        return addresses;
    }

    Duration validity() {
        return validity;
    }

    Map<String, Duration> otherProfiles() {
        return otherProfiles;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    Map<String, String> externalAccountKeys() {
        return externalAccountKeys;
    }

    int alternateRoots() {
        return alternateRoots;
    }

    /** Returns the environment variables that make Pebble behave so. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PEBBLE_WFE_NONCEREJECT", String.valueOf(refusedNonces));
        environment.put("PEBBLE_AUTHZREUSE", String.valueOf(reusedAuthorizations));
        environment.put("PEBBLE_ALTERNATE_ROOTS", String.valueOf(alternateRoots));
        environment.put("PEBBLE_VA_NOSLEEP", validationDelay.isZero() ? "1" : "0");
        environment.put("PEBBLE_VA_SLEEPTIME", String.valueOf(validationDelay.toSeconds()));
        environment.put("PEBBLE_VA_ALWAYS_VALID", "0");
        return environment;
    }
}
