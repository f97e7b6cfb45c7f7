package org.ringcert.daemon;

import org.ringcert.event.NodeListener;
import org.ringcert.renew.RenewalResult;
import org.ringcert.view.visitor.Sight;

/** Has a site looked at again as soon as its new certificate is deployed. */
record SightRefresher(Sight sight) implements NodeListener {

    @Override
    public void onResult(RenewalResult result) {
        if (result instanceof RenewalResult.Renewed renewed) {
            sight.refreshOwn(renewed.name().site());
        }
    }
}
