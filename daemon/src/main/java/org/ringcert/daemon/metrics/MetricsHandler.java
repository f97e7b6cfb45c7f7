package org.ringcert.daemon.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;
import org.ringcert.daemon.admin.AdminHandler;
import org.ringcert.daemon.admin.AdminRequest;
import org.ringcert.daemon.admin.AdminResponse;

/**
 * Answers scrapes of Prometheus: in its text format, or in that of OpenMetrics if the request's field {@code Accept}
 * names it. Thread-safe.
 */
public final class MetricsHandler implements AdminHandler {

    private final NodeMetrics metrics;
    private final Supplier<NodeState> state;

    /** @param state returns how things stand, and is cheap enough to be called for each scrape */
    public MetricsHandler(NodeMetrics metrics, Supplier<NodeState> state) {
        this.metrics = metrics;
        this.state = state;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        ExpositionFormatWriter writer = Formats.accepted(request.accept());
        MetricSnapshots families = MetricFamilies.of(metrics, state.get());
        return AdminResponse.inPieces(200, writer.getContentType(), out -> writer.write(out, families));
    }

    /** Loaded by the first scrape. The library's own choice would also load its configuration and two more formats. */
    private static final class Formats {

        private static final ExpositionFormatWriter PROMETHEUS = PrometheusTextFormatWriter.create();
        private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();

        static ExpositionFormatWriter accepted(String accept) {
            return OPEN_METRICS.accepts(accept) ? OPEN_METRICS : PROMETHEUS;
        }
    }
}
