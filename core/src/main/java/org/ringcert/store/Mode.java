package org.ringcert.store;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Who may do what with a file or a folder. */
enum Mode {
    /** The store's folder: what lies in it can be reached, and it cannot be listed. */
    STORE("rwx--x--x"),
    PUBLIC_FOLDER("rwxr-xr-x"),
    SECRET_FOLDER("rwx------"),
    PUBLIC_FILE("rw-r--r--"),
    SECRET_FILE("rw-------");

    private final String permissions;

    Mode(String permissions) {
        this.permissions = permissions;
    }

    Set<PosixFilePermission> permissions() {
        return PosixFilePermissions.fromString(permissions);
    }

    /** For what is to be made. The umask may take away of it, but never adds. */
    FileAttribute<Set<PosixFilePermission>> attribute() {
        return PosixFilePermissions.asFileAttribute(permissions());
    }
}
