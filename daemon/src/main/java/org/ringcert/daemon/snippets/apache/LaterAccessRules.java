package org.ringcert.daemon.snippets.apache;

import java.util.List;
import java.util.Locale;

/**
 * Decides what a section that Apache merges after Ringcert's does to Ringcert's {@code Require all granted}. Verified
 * with Apache 2.4: several {@code Require} directives are alternatives; the mod_access_compat directives of a section
 * replace those of earlier sections as a whole; and with {@code Satisfy any}, which Ringcert sets, it is enough that
 * these let a request in. Immutable.
 *
 * @param section the section that is merged later
 * @param satisfyAny whether Ringcert's section has {@code Satisfy any}
 */
record LaterAccessRules(List<ApacheDirective> section, boolean satisfyAny) {

    LaterAccessRules {
        section = List.copyOf(section);
    }

    /** Returns whether a directive of the section keeps challenges from being answered, or may do so. */
    boolean isBlockedBy(ApacheDirective directive) {
        return switch (directive.name()) {
            case "require", "requireall", "requireany", "requirenone" ->
                !(satisfyAny && section.stream().noneMatch(LaterAccessRules::isAccessCompat))
                        && section.stream().noneMatch(LaterAccessRules::grants);
            case "order" -> directive.mentions("allow,deny") && !allowsAll();
            case "deny" ->
                !directive.hasWord("none")
                        && !(allowsAll()
                                && section.stream()
                                        .noneMatch(other -> other.is("order") && other.mentions("allow,deny")));
            default -> false;
        };
    }

    private boolean allowsAll() {
        return section.stream().anyMatch(directive -> directive.is("allow") && directive.hasWord("all"));
    }

    private static boolean isAccessCompat(ApacheDirective directive) {
        return directive.is("order", "allow", "deny", "satisfy");
    }

    private static boolean grants(ApacheDirective directive) {
        return switch (directive.name()) {
            case "require" ->
                directive.arguments().strip().toLowerCase(Locale.ROOT).matches("all\\s+granted");
            case "requireany" -> directive.inside().stream().anyMatch(LaterAccessRules::grants);
            case "requireall" ->
                !directive.inside().isEmpty() && directive.inside().stream().allMatch(LaterAccessRules::grants);
            default -> false;
        };
    }
}
