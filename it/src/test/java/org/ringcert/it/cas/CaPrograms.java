package org.ringcert.it.cas;

import java.util.List;

/** The CAs that {@code ./test cas} knows, in the order of the table. */
final class CaPrograms {

    private CaPrograms() {}

    static List<CaProgram> all() {
        return List.of(
                new StepCa(),
                new Caddy(),
                new DjangoCa(),
                new Acme2Certifier(),
                new SerlesAcme(),
                new Acmeeh(),
                new Pebble("pebble", Pebble.Release.NEWEST),
                new Pebble("pebble-debian", Pebble.Release.DEBIAN));
    }

    /**
     * Returns the CA with that name.
     *
     * @throws IllegalArgumentException if there is none; the message has all names
     */
    static CaProgram named(String name) {
        return all().stream()
                .filter(ca -> ca.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no CA is called %s; there are: %s"
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        all().stream().map(CaProgram::name).toList()))));
    }
}
