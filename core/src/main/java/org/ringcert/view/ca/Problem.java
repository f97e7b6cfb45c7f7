package org.ringcert.view.ca;

/**
 * Something that makes a validation fail, or may do so.
 *
 * @param rule the rule at stake
 * @param what what was seen, a sentence without a full stop
 * @param caSays what a CA says then, in the words of Let's Encrypt's Boulder; empty if it says nothing
 * @param remedy what to do, in one or more sentences
 * @param summary {@code what} without anything that a server has sent, for reports to others
 */
public record Problem(Rule rule, String what, String caSays, String remedy, String summary) {

    /** Describes a problem without quoting a server. */
    public Problem(Rule rule, String what, String caSays, String remedy) {
        this(rule, what, caSays, remedy, what);
    }

    Problem withRemedy(String other) {
        return new Problem(rule, what, caSays, other, summary);
    }

    Problem withSummary(String other) {
        return new Problem(rule, what, caSays, remedy, other);
    }
}
