package org.ringcert.daemon.snippets.apache;

import java.util.List;
import java.util.Locale;

/**
 * What a section that is merged after Ringcert's does to its {@code Require all granted}. Tried on Apache 2.4: several
 * {@code Require} are any of them; mod_access_compat's directives of a section replace those of the sections before it
 * as a whole, and {@code Satisfy any}, as Ringcert has it, makes it enough that these let a request in. Immutable.
 *
 * @param section what is merged later
 * @param satisfied whether Ringcert's section has {@code Satisfy any}
 */
record Authorization(List<Directive> section, boolean satisfied) {

    Authorization {
        section = List.copyOf(section);
    }

    /** Whether that directive of the section keeps challenges from being answered, or may. */
    boolean isShutBy(Directive directive) {
        return switch (directive.name()) {
            case "require", "requireall", "requireany", "requirenone" ->
                !(satisfied && section.stream().noneMatch(Authorization::isOfOld))
                        && section.stream().noneMatch(Authorization::grants);
            case "order" -> directive.mentions("allow,deny") && !allowsAll();
            case "deny" ->
                !directive.says("none")
                        && !(allowsAll()
                                && section.stream()
                                        .noneMatch(other -> other.is("order") && other.mentions("allow,deny")));
            default -> false;
        };
    }

    private boolean allowsAll() {
        return section.stream().anyMatch(directive -> directive.is("allow") && directive.says("all"));
    }

    private static boolean isOfOld(Directive directive) {
        return directive.is("order", "allow", "deny", "satisfy");
    }

    private static boolean grants(Directive directive) {
        return switch (directive.name()) {
            case "require" ->
                directive.arguments().strip().toLowerCase(Locale.ROOT).matches("all\\s+granted");
            case "requireany" -> directive.inside().stream().anyMatch(Authorization::grants);
            case "requireall" ->
                !directive.inside().isEmpty() && directive.inside().stream().allMatch(Authorization::grants);
            default -> false;
        };
    }
}
