package org.ringcert.daemon.admin.page;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import org.ringcert.daemon.admin.AdminHandler;
import org.ringcert.daemon.admin.AdminRequest;
import org.ringcert.daemon.admin.AdminResponse;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.store.StoreException;

/** The page of one site, at {@code /site/NAME}, where the name may be any name of the site. Thread-safe. */
public final class SitePage implements AdminHandler {

    /** The path of a site's page up to the site's name. */
    public static final String PATH = "/site/";

    private static final int MAX_SHOWN_CHARACTERS = 100;

    private final PageSource source;
    private final Templates templates = new Templates();

    public SitePage(PageSource source) {
        this.source = source;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        try {
            return answer(source.cluster(), request.path().substring(PATH.length()));
        } catch (StoreException e) {
            return AdminResponse.text(503, String.valueOf(e.getMessage()));
        }
    }

    private AdminResponse answer(ClusterSnapshot cluster, String name) {
        List<MatrixRow> rows = cluster.matrix().rows().stream()
                .filter(row -> row.site().names().stream().map(HostName::value).anyMatch(name::equalsIgnoreCase))
                .toList();
        if (rows.isEmpty()) {
            return missing(
                    cluster, "The configuration has no site " + PrintableText.of(name, MAX_SHOWN_CHARACTERS) + ".");
        }
        return templates.page(200, "site", Map.of("view", view(cluster, rows)));
    }

    private SiteView view(ClusterSnapshot cluster, List<MatrixRow> rows) {
        try {
            List<HistoryItem> history = source.history(rows.getFirst().site().name());
            return SiteView.of(cluster, rows, history, Optional.empty());
        } catch (StoreException e) {
            return SiteView.of(cluster, rows, List.of(), Optional.of(e.getMessage()));
        }
    }

    private AdminResponse missing(ClusterSnapshot cluster, String text) {
        return templates.page(404, "missing", Map.of("head", PageHead.of("Not found", cluster), "text", text));
    }
}
