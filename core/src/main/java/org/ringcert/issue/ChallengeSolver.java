package org.ringcert.issue;

import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.store.StoreException;

/** Solves ACME challenges (RFC 8555, section 8). Thread-safe; one solver serves all orders. */
public interface ChallengeSolver {

    /**
     * Makes the key authorization available to the CA: from when this returns until the challenge is retired, even
     * across a restart of the process. Presenting it again has no effect.
     *
     * @throws StoreException if that is not possible; the CA must not be asked to validate the challenge then
     */
    void present(KeyAuthorization keyAuthorization) throws StoreException;

    /**
     * Ends what {@link #present} began, because the challenge is decided or its order has ended. Viewpoints of the CA
     * that are slower than others find the key authorization for a while longer. Does nothing if the token is unknown.
     */
    void retire(Token token);
}
