package org.ringcert.daemon.admin.page;

import java.util.Map;
import org.ringcert.daemon.admin.AdminHandler;
import org.ringcert.daemon.admin.AdminRequest;
import org.ringcert.daemon.admin.AdminResponse;
import org.ringcert.store.StoreException;

/**
 * The page of the whole cluster. Its parameters are {@code q}, a text to filter by, {@code problems}, which leaves out
 * what is good, and {@code page}. Thread-safe.
 */
public final class OverviewPage implements AdminHandler {

    private final PageSource source;
    private final Templates templates = new Templates();

    public OverviewPage(PageSource source) {
        this.source = source;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        try {
            OverviewView view = OverviewView.of(source.cluster(), MatrixFilter.of(request), page(request));
            return templates.page(200, "overview", Map.of("view", view));
        } catch (StoreException e) {
            return AdminResponse.text(503, String.valueOf(e.getMessage()));
        }
    }

    private static int page(AdminRequest request) {
        try {
            return request.parameter("page").map(Integer::parseInt).orElse(1);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
