package org.ringcert.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Objects;

/**
 * The user and group that own a file. The owner of the store directory owns everything in it.
 *
 * @param uid the user's numeric ID
 * @param gid the group's numeric ID
 */
public record FileOwner(UserPrincipal user, GroupPrincipal group, int uid, int gid) {

    private static final String ATTRIBUTES = "unix:owner,group,uid,gid";
    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final String ROOT = "root";
    private static final int ROOT_UID = 0;

    /**
     * Returns the owner of an existing file or directory.
     *
     * @throws UnsupportedOperationException if its file system does not keep owners
     */
    public static FileOwner of(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, ATTRIBUTES);
        return new FileOwner(
                (UserPrincipal) Objects.requireNonNull(attributes.get("owner")),
                (GroupPrincipal) Objects.requireNonNull(attributes.get("group")),
                (int) Objects.requireNonNull(attributes.get("uid")),
                (int) Objects.requireNonNull(attributes.get("gid")));
    }

    /** Returns true if this process runs as root. */
    public static boolean isProcessRoot() {
        try {
            return ofProcess().isRoot();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the user's name, or the numeric ID if the system has no name for it. */
    public String name() {
        return user.getName();
    }

    public boolean isRoot() {
        return uid == ROOT_UID;
    }

    /**
     * Returns the users who may read and write this owner's files, worded for a message: {@code root or as ringcert}.
     */
    String permittedUsers() {
        return isRoot() ? ROOT : ROOT + " or as " + name();
    }

    /** Returns true if this process runs neither as this user nor as root. */
    boolean isAnotherUser() {
        try {
            FileOwner process = ofProcess();
            return process.uid != uid && !process.isRoot();
        } catch (IOException e) {
            return false;
        }
    }

    // The user name in the environment is not used: a process need not have one.
    private static FileOwner ofProcess() throws IOException {
        return of(THIS_PROCESS);
    }
}
