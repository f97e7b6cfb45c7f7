package org.ringcert.acme;

import java.util.Optional;

/**
 * The result of a registration. Immutable.
 *
 * @param contactRefusal why the CA refused the contact, in its own words on one line, if it did; the account then has
 *     no contact
 */
public record Registration(Account account, Optional<String> contactRefusal) {}
