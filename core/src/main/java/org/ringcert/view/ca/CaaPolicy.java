package org.ringcert.view.ca;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.CaaRecord;
import org.ringcert.dns.DnsResolver;

/**
 * Decides as a CA does whether CAA records let an account get a certificate for a name by http-01 (RFC 8659; RFC 8657).
 * The records of the closest name count: the name itself, or else the one above it, and so on. Thread-safe; blocks for
 * the lookups, one after the other.
 */
public final class CaaPolicy {

    private static final String METHOD = "http-01";

    /** 128 by RFC 8659. Many zones have 1 instead, and Let's Encrypt takes it for the same. */
    private static final int CRITICAL = 128 | 1;

    private static final Set<String> KNOWN_TAGS = Set.of("issue", "issuewild", "iodef", "issuemail");
    private static final int MAX_QUOTED = 100;

    private final DnsResolver dns;

    public CaaPolicy(DnsResolver dns) {
        this.dns = dns;
    }

    /** A CA and an account there. */
    public record Applicant(Set<HostName> identities, Optional<URI> account) {

        /**
         * @param identities the CA's names in CAA records; any of them will do
         * @param account the account's URL; empty if there is none yet
         */
        public Applicant {
            identities = Set.copyOf(identities);
        }
    }

    /** The decision. */
    public sealed interface Decision {

        /**
         * A CA issues the certificate.
         *
         * @param basis which of the records allows it
         * @param domain the name that has the records; empty if there are none
         */
        record Allowed(Basis basis, Optional<HostName> domain) implements Decision {}

        /** A CA refuses, or cannot tell and therefore refuses. */
        record Refused(Problem problem) implements Decision {}

        /**
         * The records restrict the CAs, and this CA does not say what its name in records is.
         *
         * @param domain the name that has the records
         */
        record Unknown(HostName domain) implements Decision {}
    }

    /** Why a certificate is allowed. */
    public enum Basis {
        /** There are no CAA records, so every CA is allowed, and every account. */
        NO_RECORDS,
        /** There are CAA records, but none about ordinary names. */
        NO_ISSUE_RECORDS,
        /** A record allows the CA, and any account there. */
        ANY_ACCOUNT,
        /** A record allows this account. */
        THIS_ACCOUNT
    }

    /** Looks up the records that count for a name, and decides. */
    public Decision decide(HostName name, Applicant applicant) {
        for (Optional<HostName> domain = Optional.of(name); domain.isPresent(); domain = parent(domain.get())) {
            switch (dns.caa(domain.get().value())) {
                case CaaLookup.Failed(String reason) -> {
                    return new Decision.Refused(lookupFailed(domain.get(), reason));
                }
                case CaaLookup.Found(List<CaaRecord> records)
                when !records.isEmpty() -> {
                    return decide(domain.get(), records, applicant);
                }
                case CaaLookup.Found _ -> {
                    // The name above decides.
                }
            }
        }
        return new Decision.Allowed(Basis.NO_RECORDS, Optional.empty());
    }

    private static Optional<HostName> parent(HostName name) {
        int dot = name.value().indexOf('.');
        return dot < 0
                ? Optional.empty()
                : Optional.of(new HostName(name.value().substring(dot + 1)));
    }

    private static Decision decide(HostName domain, List<CaaRecord> records, Applicant applicant) {
        Optional<CaaRecord> unknown = records.stream()
                .filter(each -> (each.flags() & CRITICAL) != 0 && !KNOWN_TAGS.contains(each.tag()))
                .findFirst();
        if (unknown.isPresent()) {
            return new Decision.Refused(unknownCritical(domain, unknown.get()));
        }
        List<CaaRecord> issue =
                records.stream().filter(each -> each.tag().equals("issue")).toList();
        if (issue.isEmpty()) {
            return new Decision.Allowed(Basis.NO_ISSUE_RECORDS, Optional.of(domain));
        }
        if (applicant.identities().isEmpty()) {
            return new Decision.Unknown(domain);
        }
        Optional<String> account = applicant.account().map(URI::toString);
        List<CaaIssue> allowing = forCa(issue, applicant).stream()
                .filter(each -> each.allowsAccount(account) && each.allowsMethod(METHOD))
                .toList();
        if (allowing.isEmpty()) {
            return new Decision.Refused(excluded(domain, issue, applicant));
        }
        Basis basis = allowing.stream().allMatch(CaaIssue::namesAccounts) ? Basis.THIS_ACCOUNT : Basis.ANY_ACCOUNT;
        return new Decision.Allowed(basis, Optional.of(domain));
    }

    /** Returns the well-formed records for the CA. Let's Encrypt compares its name character by character. */
    private static List<CaaIssue> forCa(List<CaaRecord> issue, Applicant applicant) {
        return issue.stream()
                .flatMap(each -> CaaIssue.parse(each.value()).stream())
                .filter(each -> applicant.identities().stream()
                        .anyMatch(identity -> identity.value().equals(each.issuer())))
                .toList();
    }

    private static Problem lookupFailed(HostName domain, String reason) {
        return new Problem(
                Rule.CAA,
                "the CAA records of " + domain + " could not be looked up: " + reason,
                TargetProblems.lookupFailedOfCas("CAA", domain.value(), reason),
                TargetProblems.hasWrongCnames(reason)
                        ? TargetProblems.CNAME_REMEDY
                        : "A CA issues nothing until its lookup succeeds. A domain needs no CAA records, but its name"
                                + " servers have to answer: an empty answer will do. See what they answer with: dig CAA "
                                + domain);
    }

    private static Problem unknownCritical(HostName domain, CaaRecord unknown) {
        return new Problem(
                Rule.CAA,
                domain + " has a CAA record with the property \"" + quoted(unknown.tag())
                        + "\", which is marked as critical and which CAs do not know",
                prevents(domain),
                "Remove this record, or set its flags to 0.");
    }

    private static Problem excluded(HostName domain, List<CaaRecord> issue, Applicant applicant) {
        return new Problem(
                Rule.CAA, whatExcludes(domain, issue, applicant), prevents(domain), remedy(domain, applicant));
    }

    private static String whatExcludes(HostName domain, List<CaaRecord> issue, Applicant applicant) {
        String records = "the CAA records of " + domain;
        List<CaaIssue> forCa = forCa(issue, applicant);
        if (forCa.isEmpty()) {
            return records + " do not allow " + names(applicant) + ": " + values(issue);
        }
        Optional<String> account = applicant.account().map(URI::toString);
        List<CaaIssue> forAccount =
                forCa.stream().filter(each -> each.allowsAccount(account)).toList();
        if (forAccount.isEmpty()) {
            return account.map(url -> records + " do not allow this server's account, " + url)
                            .orElse(records + " allow certain accounts only, and this server has none yet")
                    + ": " + values(issue);
        }
        return records + " do not allow validation by " + METHOD + ": " + values(issue);
    }

    private static String remedy(HostName domain, Applicant applicant) {
        HostName issuer = applicant.identities().stream().sorted().findFirst().orElseThrow();
        Optional<URI> account = applicant.account();
        if (account.isEmpty()) {
            return "Once this server has an account, `ringcert account caa` prints the record to add at " + domain
                    + ".";
        }
        String record = CaaPermission.canName(account.get())
                ? new CaaPermission(domain, issuer, account.get()).zoneLine()
                : domain + ". IN CAA 0 issue \"" + issuer + "; validationmethods=" + METHOD + "\"";
        return "Add this record, and keep those of the other servers: " + record
                + " (`ringcert account caa` prints the records of this server). If " + domain
                + " is a CNAME, the record belongs to its target.";
    }

    private static String names(Applicant applicant) {
        return applicant.identities().stream().sorted().map(HostName::value).collect(Collectors.joining(" or "));
    }

    private static String values(List<CaaRecord> issue) {
        String more = issue.size() > 3 ? " and " + (issue.size() - 3) + " more" : "";
        return issue.stream()
                        .limit(3)
                        .map(each -> "\"" + quoted(each.value()) + "\"")
                        .collect(Collectors.joining(", "))
                + more;
    }

    /** Returns untrusted text on one line, cut to a maximum length. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        text.chars()
                .limit(MAX_QUOTED)
                .map(c -> c >= ' ' && c < 0x7f && c != '"' ? c : '?')
                .forEach(c -> quoted.append((char) c));
        return quoted + (text.length() > MAX_QUOTED ? "..." : "");
    }

    private static String prevents(HostName domain) {
        return "CAA record for " + domain + " prevents issuance";
    }
}
