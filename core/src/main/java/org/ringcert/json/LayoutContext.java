package org.ringcert.json;

import org.jspecify.annotations.Nullable;
import org.ringcert.json.JsonFormat.Layout;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Tells a generator how to lay out its document, and to leave its writer open. For one document. */
final class LayoutContext extends ObjectWriteContext.Base {

    private final @Nullable PrettyPrinter printer;

    LayoutContext(Layout layout) {
        printer = layout == Layout.INDENTED ? new DefaultPrettyPrinter() : null;
    }

    @Override
    public @Nullable PrettyPrinter getPrettyPrinter() {
        return printer;
    }

    @Override
    public boolean hasPrettyPrinter() {
        return printer != null;
    }

    @Override
    public int getStreamWriteFeatures(int defaults) {
        return defaults & ~StreamWriteFeature.AUTO_CLOSE_TARGET.getMask();
    }
}
