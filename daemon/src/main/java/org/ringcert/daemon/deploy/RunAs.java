package org.ringcert.daemon.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * As whom a command runs: the owner of the store, where this process is root and the owner is another.
 *
 * @param name the number again where the system knows no name
 * @param user its number
 * @param group its group's number
 */
record RunAs(String name, String user, String group) {

    private static final String IDENTITY = "unix:owner,uid,gid";
    private static final String ROOT = "0";
    private static final Path THIS_PROCESS = Path.of("/proc/self");

    /** Empty where this process is the owner itself, or could not become another. */
    static Optional<RunAs> besidesRoot(Path folder) throws IOException {
        RunAs owner = of(folder);
        return of(THIS_PROCESS).user().equals(ROOT) && !owner.user().equals(ROOT)
                ? Optional.of(owner)
                : Optional.empty();
    }

    private static RunAs of(Path path) throws IOException {
        Map<String, Object> identity = Files.readAttributes(path, IDENTITY);
        return new RunAs(
                String.valueOf(identity.get("owner")),
                String.valueOf(identity.get("uid")),
                String.valueOf(identity.get("gid")));
    }

    /** What runs a command as this user, put before it. */
    List<String> before() {
        String groups = name.equals(user) ? "--clear-groups" : "--init-groups";
        return List.of("setpriv", "--reuid=" + user, "--regid=" + group, groups, "--");
    }
}
