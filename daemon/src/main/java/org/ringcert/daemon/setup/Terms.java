package org.ringcert.daemon.setup;

/** Whether the user agrees to the CA's terms of service. */
public enum Terms {
    ACCEPTED,
    DECLINED
}
