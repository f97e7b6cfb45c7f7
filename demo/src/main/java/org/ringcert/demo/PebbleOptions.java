package org.ringcert.demo;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The behaviour of a test CA. Debian's Pebble knows no profiles, and ignores {@code otherProfiles} and
 * {@code retryAfter}.
 *
 * @param httpPort the port that it validates on; 0 for one that is free on all of {@code addresses}
 * @param addresses the addresses where nodes will listen on that port
 * @param refusedNonces percentage of good nonces that it refuses
 * @param validationDelay upper limit, in whole seconds, of a random delay before each validation; zero for no delay
 * @param reusedAuthorizations percentage of orders that reuse a valid authorization
 * @param validity lifetime of certificates of the profile {@code default}, in whole seconds
 * @param otherProfiles further profiles, each with the lifetime of its certificates in whole seconds; if there are any,
 *     the CA chooses one of all profiles at random for an order that asks for none
 * @param retryAfter how long clients are told to wait before they look at a pending authorization or order again, in
 *     whole seconds; the CA writes it as seconds or as a date, at random
 * @param externalAccountKeys the HMAC keys that accounts can be bound to, in base64url, by key id; if there are any,
 *     the CA refuses accounts without such a binding
 * @param alternateRoots number of chains that it offers besides the first
 */
public record PebbleOptions(
        int httpPort,
        List<InetAddress> addresses,
        int refusedNonces,
        Duration validationDelay,
        int reusedAuthorizations,
        Duration validity,
        Map<String, Duration> otherProfiles,
        Optional<Duration> retryAfter,
        Map<String, String> externalAccountKeys,
        int alternateRoots) {

    /**
     * Returns options for a quick and strict CA: no delay, every order is validated, 5 % of nonces are refused,
     * certificates are good for 90 days, and there is one profile.
     */
    public static PebbleOptions on(List<InetAddress> addresses) {
        return new PebbleOptions(
                0, addresses, 5, Duration.ZERO, 0, Duration.ofDays(90), Map.of(), Optional.empty(), Map.of(), 0);
    }

    public PebbleOptions {
        addresses = List.copyOf(addresses);
        otherProfiles = Map.copyOf(otherProfiles);
        externalAccountKeys = Map.copyOf(externalAccountKeys);
    }

    public PebbleOptions withHttpPort(int port) {
        return new PebbleOptions(
                port,
                addresses,
                refusedNonces,
                validationDelay,
                reusedAuthorizations,
                validity,
                otherProfiles,
                retryAfter,
                externalAccountKeys,
                alternateRoots);
    }

    public PebbleOptions withRefusedNonces(int percent) {
        return new PebbleOptions(
                httpPort,
                addresses,
                percent,
                validationDelay,
                reusedAuthorizations,
                validity,
                otherProfiles,
                retryAfter,
                externalAccountKeys,
                alternateRoots);
    }

    public PebbleOptions withValidationDelay(Duration delay) {
        return new PebbleOptions(
                httpPort,
                addresses,
                refusedNonces,
                delay,
                reusedAuthorizations,
                validity,
                otherProfiles,
                retryAfter,
                externalAccountKeys,
                alternateRoots);
    }

    public PebbleOptions withReusedAuthorizations(int percent) {
        return new PebbleOptions(
                httpPort,
                addresses,
                refusedNonces,
                validationDelay,
                percent,
                validity,
                otherProfiles,
                retryAfter,
                externalAccountKeys,
                alternateRoots);
    }

    public PebbleOptions withValidity(Duration lifetime) {
        return new PebbleOptions(
                httpPort,
                addresses,
                refusedNonces,
                validationDelay,
                reusedAuthorizations,
                lifetime,
                otherProfiles,
                retryAfter,
                externalAccountKeys,
                alternateRoots);
    }

    public PebbleOptions withOtherProfiles(Map<String, Duration> profiles) {
        return new PebbleOptions(
                httpPort,
                addresses,
                refusedNonces,
                validationDelay,
                reusedAuthorizations,
                validity,
                profiles,
                retryAfter,
                externalAccountKeys,
                alternateRoots);
    }

    public PebbleOptions withRetryAfter(Duration wait) {
        return new PebbleOptions(
                httpPort,
                addresses,
                refusedNonces,
                validationDelay,
                reusedAuthorizations,
                validity,
                otherProfiles,
                Optional.of(wait),
                externalAccountKeys,
                alternateRoots);
    }

    public PebbleOptions withExternalAccountKeys(Map<String, String> keys) {
        return new PebbleOptions(
                httpPort,
                addresses,
                refusedNonces,
                validationDelay,
                reusedAuthorizations,
                validity,
                otherProfiles,
                retryAfter,
                keys,
                alternateRoots);
    }

    public PebbleOptions withAlternateRoots(int count) {
        return new PebbleOptions(
                httpPort,
                addresses,
                refusedNonces,
                validationDelay,
                reusedAuthorizations,
                validity,
                otherProfiles,
                retryAfter,
                externalAccountKeys,
                count);
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
