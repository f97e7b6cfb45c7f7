package org.ringcert.issue;

import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.store.StoreException;

/** Solves http-01 challenges (RFC 8555, section 8.3) with what this node serves on port 80. */
public final class Http01Solver implements ChallengeSolver {

    private final Challenges challenges;

    public Http01Solver(Challenges challenges) {
        this.challenges = challenges;
    }

    @Override
    public void present(KeyAuthorization keyAuthorization) throws StoreException {
        challenges.publish(keyAuthorization);
    }

    @Override
    public void retire(Token token) {
        challenges.retire(token);
    }
}
