package org.ringcert.daemon.admin.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.ringcert.daemon.admin.AdminHandler;
import org.ringcert.daemon.admin.AdminRequest;
import org.ringcert.daemon.admin.AdminResponse;

/** The style, the script and the icon of the page. They are read from the jar when they are asked for. Thread-safe. */
public final class StaticFiles implements AdminHandler {

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "/page.css", "text/css; charset=utf-8",
            "/page.js", "text/javascript; charset=utf-8",
            "/favicon.svg", "image/svg+xml");

    /** Returns the paths that this answers. */
    public static Iterable<String> paths() {
        return CONTENT_TYPES.keySet();
    }

    /** @throws IllegalArgumentException if the path is none of {@link #paths} */
    @Override
    public AdminResponse answer(AdminRequest request) {
        String contentType = CONTENT_TYPES.get(request.path());
        if (contentType == null) {
            throw new IllegalArgumentException("not a file of the page");
        }
        try (InputStream in =
                StaticFiles.class.getResourceAsStream(request.path().substring(1))) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + request.path());
            }
            return new AdminResponse(200, contentType, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
