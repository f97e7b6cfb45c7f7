package org.ringcert.daemon.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;
import tools.jackson.core.JsonGenerator;

/**
 * The matrix for programs, which rely on the keys: they may be added to, but not renamed or removed. Written cell by
 * cell, because a tree of 50,000 cells would not fit into the daemon's heap.
 */
final class MatrixJson {

    private final MatrixView matrix;
    private final Instant now;
    private final JsonGenerator json;

    MatrixJson(MatrixView matrix, Instant now, JsonGenerator json) {
        this.matrix = matrix;
        this.now = now;
        this.json = json;
    }

    /** Writes an array with an object for each server. */
    void write() {
        json.writeStartArray();
        matrix.nodes().forEach(this::write);
        json.writeEndArray();
    }

    private void write(HostName node) {
        json.writeStartObject();
        json.writeStringProperty("node", node.value());
        json.writeBooleanProperty("self", node.equals(matrix.self()));
        json.writeBooleanProperty("good", !matrix.fails(node, now));
        json.writeArrayPropertyStart("cells");
        matrix.rows().forEach(row -> write(row, matrix.cell(row, node)));
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(MatrixRow row, Optional<Cell> cell) {
        json.writeStartObject();
        json.writeStringProperty("site", row.site().name().value());
        json.writeStringProperty("certificate", row.certificate().toString());
        cell.ifPresent(this::write);
        json.writeEndObject();
    }

    private void write(Cell cell) {
        json.writeStringProperty("seen", cell.seen().toString());
        json.writeNumberProperty(
                "secondsOld", Math.max(0, Duration.between(cell.seen(), now).toSeconds()));
        cell.certificate().ifPresent(this::write);
        json.writeBooleanProperty("good", CellVerdict.of(cell, now) != CellVerdict.FAILURE);
        json.writeArrayPropertyStart("flaws");
        CellVerdict.flaws(cell, now).forEach(this::write);
        json.writeEndArray();
    }

    private void write(ServedCertificate certificate) {
        json.writeStringProperty("serial", certificate.serial());
        json.writeStringProperty("issuer", certificate.issuer());
        json.writeStringProperty("notBefore", certificate.notBefore().toString());
        json.writeStringProperty("notAfter", certificate.notAfter().toString());
        long remaining = Duration.between(now, certificate.notAfter()).toSeconds();
        json.writeNumberProperty("secondsLeft", Math.max(0, remaining));
    }

    private void write(Flaw flaw) {
        json.writeStartObject();
        json.writeStringProperty("kind", CellWords.label(flaw.kind()));
        json.writeStringProperty("severity", CellWords.label(flaw.severity()));
        json.writeStringProperty("text", flaw.text());
        json.writeStringProperty("remedy", flaw.remedy());
        json.writeEndObject();
    }
}
