package org.ringcert.acme;

import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * What a CA says when it refuses (RFC 7807; RFC 8555, section 6.7). Its texts come from outside: control characters are
 * taken out and the length is bounded before they get here. Immutable.
 *
 * @param type the problem's URN, such as {@code urn:ietf:params:acme:error:rateLimited}
 * @param detail the CA's own words
 * @param status the HTTP status it came with; 0 where it was part of another answer
 */
public record Problem(String type, String detail, int status, List<Subproblem> subproblems) {

    /** What concerns one name of several (RFC 8555, section 6.7.1). */
    public record Subproblem(String type, String detail, Optional<HostName> name) {}

    /** The types of RFC 8555, section 6.7 begin so. */
    public static final String NAMESPACE = "urn:ietf:params:acme:error:";

    public Problem {
        subproblems = List.copyOf(subproblems);
    }

    /** Whether it is of that type of the ACME namespace, such as {@code rateLimited}. */
    public boolean is(String shortType) {
        return type.equals(NAMESPACE + shortType);
    }
}
