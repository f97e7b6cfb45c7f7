package org.ringcert.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;

/**
 * The user and group that own a file. Whoever owns the store's folder owns everything in it.
 *
 * @param uid the user's number
 * @param gid the group's number
 */
public record FileOwner(UserPrincipal user, GroupPrincipal group, int uid, int gid) {

    private static final String ATTRIBUTES = "unix:owner,group,uid,gid";
    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final String ROOT = "root";
    private static final int ROOT_UID = 0;

    /**
     * Returns the owner of an existing file or folder.
     *
     * @throws UnsupportedOperationException if its file system has no owners
     */
    public static FileOwner of(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, ATTRIBUTES);
        return new FileOwner(
                (UserPrincipal) attributes.get("owner"),
                (GroupPrincipal) attributes.get("group"),
                (int) attributes.get("uid"),
                (int) attributes.get("gid"));
    }

    /** Returns true if this process runs as root. */
    public static boolean isProcessRoot() {
        try {
            return ofProcess().isRoot();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the user's name, or its number if the system has no name for it. */
    public String name() {
        return user.getName();
    }

    public boolean isRoot() {
        return uid == ROOT_UID;
    }

    /** Returns the users that may read and write this owner's files, as part of a message. */
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

    // Not the user name from the environment, which a process need not have.
    private static FileOwner ofProcess() throws IOException {
        return of(THIS_PROCESS);
    }
}
