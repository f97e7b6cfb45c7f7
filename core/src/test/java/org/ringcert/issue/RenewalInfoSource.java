package org.ringcert.issue;

import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.RenewalInfo;

/** Returns renewal information. */
@FunctionalInterface
public interface RenewalInfoSource {

    RenewalInfo of(CertificateId certificate) throws AcmeException;
}
