package org.ringcert.store;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The permissions of a file or directory in the store. */
enum FileMode {
    /** For the store directory: others can reach what is in it but cannot list it. */
    STORE_DIRECTORY("rwx--x--x"),
    PUBLIC_DIRECTORY("rwxr-xr-x"),
    SECRET_DIRECTORY("rwx------"),
    PUBLIC_FILE("rw-r--r--"),
    SECRET_FILE("rw-------");

    private final String permissions;

    FileMode(String permissions) {
        this.permissions = permissions;
    }

    Set<PosixFilePermission> permissions() {
        return PosixFilePermissions.fromString(permissions);
    }

    /**
     * Returns the attribute to create a file or directory with. The umask may remove permissions but never adds any.
     */
    FileAttribute<Set<PosixFilePermission>> attribute() {
        return PosixFilePermissions.asFileAttribute(permissions());
    }
}
