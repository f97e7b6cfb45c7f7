package org.ringcert.daemon.check;

import java.util.Optional;
import org.ringcert.daemon.front.ListeningProcess;

/** Who answers challenges on this server. */
public sealed interface FrontState {

    /** The daemon, which serves this store. */
    record Daemon() implements FrontState {}

    /** Another daemon, or one with another configuration: it does not find what this command has published. */
    record OtherStore() implements FrontState {}

    /** This command, while it runs: no daemon does. */
    record ThisCommand() implements FrontState {}

    /** A web server, from the files of the store. */
    record FromFiles() implements FrontState {}

    /**
     * Another program has the address that the daemon needs.
     *
     * @param by which program; empty if this user cannot see it
     */
    record Taken(Optional<ListeningProcess> by) implements FrontState {}
}
