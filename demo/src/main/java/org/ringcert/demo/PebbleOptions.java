package org.ringcert.demo;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a test CA behaves.
 *
 * @param httpPort the port that it validates on; 0 for one that is free on all of {@code addresses}
 * @param addresses where nodes will listen on that port
 * @param refusedNonces how many of a hundred good nonces it refuses
 * @param validationDelay it waits before each validation for a random time below this, in whole seconds; zero for not
 *     at all
 * @param reusedAuthorizations how many of a hundred orders find an authorization that is valid already
 * @param validity of its certificates, in whole seconds
 * @param alternateRoots how many chains it offers besides the first
 */
public record PebbleOptions(
        int httpPort,
        List<InetAddress> addresses,
        int refusedNonces,
        Duration validationDelay,
        int reusedAuthorizations,
        Duration validity,
        int alternateRoots) {

    /** Quick and strict: no delay, every order is validated, 5 % of nonces refused, certificates for 90 days. */
    public static PebbleOptions on(List<InetAddress> addresses) {
        return new PebbleOptions(0, addresses, 5, Duration.ZERO, 0, Duration.ofDays(90), 0);
    }

    public PebbleOptions {
        addresses = List.copyOf(addresses);
    }

    public PebbleOptions withHttpPort(int port) {
        return new PebbleOptions(
                port, addresses, refusedNonces, validationDelay, reusedAuthorizations, validity, alternateRoots);
    }

    public PebbleOptions withRefusedNonces(int percent) {
        return new PebbleOptions(
                httpPort, addresses, percent, validationDelay, reusedAuthorizations, validity, alternateRoots);
    }

    public PebbleOptions withValidationDelay(Duration delay) {
        return new PebbleOptions(
                httpPort, addresses, refusedNonces, delay, reusedAuthorizations, validity, alternateRoots);
    }

    public PebbleOptions withReusedAuthorizations(int percent) {
        return new PebbleOptions(
                httpPort, addresses, refusedNonces, validationDelay, percent, validity, alternateRoots);
    }

    public PebbleOptions withValidity(Duration ofCertificates) {
        return new PebbleOptions(
                httpPort,
                addresses,
                refusedNonces,
                validationDelay,
                reusedAuthorizations,
                ofCertificates,
                alternateRoots);
    }

    public PebbleOptions withAlternateRoots(int count) {
        return new PebbleOptions(
                httpPort, addresses, refusedNonces, validationDelay, reusedAuthorizations, validity, count);
    }

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
