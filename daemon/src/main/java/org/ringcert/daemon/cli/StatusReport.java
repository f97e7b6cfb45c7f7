package org.ringcert.daemon.cli;

import java.io.Writer;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.daemon.status.Health;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.StatusJson;
import org.ringcert.json.JsonFormat;

/**
 * What {@code ringcert status} prints, and what it means.
 *
 * @param status of this node
 * @param matrix what visitors get from all servers; empty if nobody has asked for it
 * @param now when it was looked at
 */
record StatusReport(ShownStatus status, Optional<MatrixView> matrix, Instant now) {

    /** The status of this node, as far as the user may see it. */
    sealed interface ShownStatus {

        record Visible(NodeStatus status) implements ShownStatus {}

        /**
         * The user is not allowed to see it.
         *
         * @param restriction what this user is not allowed to see
         */
        record Hidden(String restriction) implements ShownStatus {}
    }

    /** Which servers' failures count. */
    enum Scope {
        THIS_SERVER,
        ALL_SERVERS
    }

    String text(Screen screen) {
        String own = switch (status) {
            case ShownStatus.Visible(NodeStatus visible) -> StatusTable.of(visible, now);
            case ShownStatus.Hidden(String restriction) -> restriction + "\n";
        };
        return matrix.map(it -> own + "\n" + MatrixText.of(it, now, screen)).orElse(own);
    }

    /** Returns the same text for a screen on which it has no room: what matters most comes first. */
    String shortOfRoom(Screen screen) {
        String own = switch (status) {
            case ShownStatus.Visible(NodeStatus visible) -> StatusTable.problemsFirst(visible, now);
            case ShownStatus.Hidden(String restriction) -> restriction + "\n";
        };
        return matrix.map(it -> MatrixText.flawsFirst(it, now, screen) + "\n" + own)
                .orElse(own);
    }

    /** Writes the document for programs, ending with a newline. */
    void writeJson(JsonFormat.Layout layout, Writer out) {
        MatrixView cells = matrix.orElseThrow();
        switch (status) {
            case ShownStatus.Visible(NodeStatus visible) -> StatusJson.write(visible, cells, now, layout, out);
            case ShownStatus.Hidden(String restriction) ->
                StatusJson.writeWithoutStatus(restriction, cells, now, layout, out);
        }
    }

    int exitStatus(Scope scope) {
        if (matrix.isPresent() && fails(matrix.get(), scope)) {
            return ExitStatus.FAILED;
        }
        return switch (health()) {
            case GOOD -> ExitStatus.OK;
            case PROBLEM -> ExitStatus.FAILED;
            case UNKNOWN -> ExitStatus.USAGE;
        };
    }

    private boolean fails(MatrixView cells, Scope scope) {
        return switch (scope) {
            case THIS_SERVER -> cells.fails(cells.self(), now);
            case ALL_SERVERS -> cells.nodes().stream().anyMatch(node -> cells.fails(node, now));
        };
    }

    private Health health() {
        return switch (status) {
            case ShownStatus.Visible(NodeStatus visible) -> visible.health();
            case ShownStatus.Hidden _ -> Health.UNKNOWN;
        };
    }
}
