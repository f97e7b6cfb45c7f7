package org.ringcert.daemon.admin.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.util.Map;
import org.ringcert.daemon.admin.AdminResponse;

/**
 * The templates of the page, which the build has compiled. They escape all values for the place where they stand.
 * Thread-safe.
 */
final class Templates {

    private static final String PACKAGE = Templates.class.getPackageName() + ".html";

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(null, ContentType.Html, Templates.class.getClassLoader(), PACKAGE);

    /** Returns the page that a template makes of its parameters. */
    AdminResponse page(int status, String template, Map<String, Object> parameters) {
        Utf8ByteOutput output = new Utf8ByteOutput();
        engine.render(template + ".jte", parameters, output);
        return new AdminResponse(status, "text/html; charset=utf-8", output.toByteArray());
    }
}
