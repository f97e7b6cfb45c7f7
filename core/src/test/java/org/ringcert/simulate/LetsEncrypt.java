package org.ringcert.simulate;

import java.time.Duration;
import java.util.List;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;

/** The limits of Let's Encrypt's production, as of 2026-08. */
final class LetsEncrypt {

    static final Limit PER_SET = new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 5, Duration.ofMinutes(2016));
    static final Limit PER_DOMAIN = new Limit(
            LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN, 50, Duration.ofDays(7).dividedBy(50));
    static final Limit PER_ACCOUNT = new Limit(LimitKind.ORDERS_PER_ACCOUNT, 300, Duration.ofSeconds(36));

    static final Limits LIMITS = new Limits(List.of(PER_SET, PER_DOMAIN, PER_ACCOUNT), Duration.ofSeconds(3510));

    private LetsEncrypt() {}
}
