package org.ringcert.daemon.admin;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.StatusJson;
import org.ringcert.json.JsonFormat;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.Sight;

/**
 * {@code /status.json}: what {@code ringcert status --all --json} prints, from the daemon's last looks, and which peers
 * answer on port 80.
 */
public final class StatusHandler implements AdminHandler {

    private final Source status;
    private final Supplier<MatrixView> matrix;
    private final Sight sight;
    private final InstantSource clock;

    /** Returns the status of this node. Thread-safe. */
    @FunctionalInterface
    public interface Source {
        NodeStatus get() throws StoreException;
    }

    public StatusHandler(Source status, Supplier<MatrixView> matrix, Sight sight, InstantSource clock) {
        this.status = status;
        this.matrix = matrix;
        this.sight = sight;
        this.clock = clock;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        sight.watch();
        try {
            NodeStatus current = status.get();
            return AdminResponse.inPieces(200, "application/json", out -> write(current, matrix.get(), out));
        } catch (StoreException e) {
            return AdminResponse.text(503, String.valueOf(e.getMessage()));
        }
    }

    private void write(NodeStatus current, MatrixView latest, OutputStream out) throws IOException {
        Instant now = clock.instant();
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        StatusJson.write(current, latest, sight.peers(), now, JsonFormat.Layout.LINE, writer);
        writer.flush();
    }
}
