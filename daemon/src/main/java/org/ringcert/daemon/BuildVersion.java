package org.ringcert.daemon;

/** Which Ringcert this is. */
public final class BuildVersion {

    /** As the build names it, without its mark for what is not released. */
    public static final String CURRENT = "0.1.0";

    private BuildVersion() {}
}
