package org.ringcert.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.security.Principal;
import java.util.Optional;

/** Whom the store's folder belongs to, and with it all that is in it. */
record Owner(UserPrincipal user, GroupPrincipal group) {

    private static final String ROOT = "root";

    String name() {
        return user.getName();
    }

    boolean isRoot() {
        return name().equals(ROOT);
    }

    /** Who may read and write everything, for the administrator. */
    String permittedUsers() {
        return isRoot() ? ROOT : ROOT + " or as " + name();
    }

    /** Whether this process runs as somebody else, and not as root either. */
    boolean isAnother() {
        Optional<UserPrincipal> us = us();
        return us.isPresent() && !us.get().equals(user) && !weAreRoot();
    }

    static boolean weAreRoot() {
        return us().map(Principal::getName).filter(ROOT::equals).isPresent();
    }

    /** Not by the name in the environment, which a process need not have. */
    private static Optional<UserPrincipal> us() {
        try {
            return Optional.of(Files.getOwner(Path.of("/proc/self")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
