package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ringcert.daemon.check.CheckFinding.Level;

/**
 * A report for a person. What is well takes one line for each subject, however many findings there are. A warning or
 * failure has a line of its own, and its remedy below it. If many subjects have the same, it is printed once.
 */
public final class CheckText {

    private static final String REMEDY_INDENT = " ".repeat(11);
    private static final int MAX_SUBJECT_WIDTH = 40;

    /** A warning or failure of more subjects than this is printed once, with a list of the subjects. */
    private static final int MAX_REPETITIONS = 3;

    private CheckText() {}

    /** What several findings have in common; where each has its own subject, this has {@link #PLACEHOLDER}. */
    private record Sameness(Level level, String text, Optional<String> remedy) {

        private static final String PLACEHOLDER = "NAME";

        static Sameness of(CheckFinding finding) {
            Pattern subject = Pattern.compile("(?<![a-z0-9.-])" + Pattern.quote(finding.subject()) + "(?![a-z0-9-])");
            return new Sameness(
                    finding.level(),
                    subject.matcher(finding.text()).replaceAll(PLACEHOLDER),
                    finding.remedy().map(remedy -> subject.matcher(remedy).replaceAll(PLACEHOLDER)));
        }

        boolean hasPlaceholder() {
            return (text + remedy.orElse("")).contains(PLACEHOLDER);
        }
    }

    /** Returns the lines, ending with a summary and a newline. */
    public static String of(CheckReport report) {
        Map<Sameness, List<CheckFinding>> widespread = widespread(report);
        List<CheckFinding> single = report.findings().stream()
                .filter(finding -> !widespread.containsKey(Sameness.of(finding)))
                .toList();
        StringBuilder text = new StringBuilder();
        int width = subjectWidth(report);
        bySubject(single).forEach((subject, findings) -> append(text, subject, findings, width));
        widespread.forEach((sameness, findings) -> appendWidespread(text, sameness, findings, width));
        return text.append(summary(report)).append("\n").toString();
    }

    /** Returns the warnings and failures that many subjects have. */
    private static Map<Sameness, List<CheckFinding>> widespread(CheckReport report) {
        Map<Sameness, List<CheckFinding>> all = new LinkedHashMap<>();
        for (CheckFinding finding : report.findings()) {
            if (finding.level() != Level.OK) {
                all.computeIfAbsent(Sameness.of(finding), _ -> new ArrayList<>())
                        .add(finding);
            }
        }
        all.values().removeIf(findings -> findings.size() <= MAX_REPETITIONS);
        return all;
    }

    private static void appendWidespread(
            StringBuilder text, Sameness sameness, List<CheckFinding> findings, int width) {
        appendLine(text, sameness.level(), findings.size() + " times", sameness.text(), width);
        sameness.remedy()
                .ifPresent(remedy -> text.append(REMEDY_INDENT).append(remedy).append("\n"));
        String subjects = findings.stream().map(CheckFinding::subject).collect(Collectors.joining(", "));
        text.append(REMEDY_INDENT)
                .append(sameness.hasPlaceholder() ? Sameness.PLACEHOLDER + " is each of " : "This is about ")
                .append(subjects)
                .append(".\n");
    }

    private static int subjectWidth(CheckReport report) {
        return report.findings().stream()
                .mapToInt(finding -> finding.subject().length())
                .filter(length -> length <= MAX_SUBJECT_WIDTH)
                .max()
                .orElse(0);
    }

    private static Map<String, List<CheckFinding>> bySubject(List<CheckFinding> all) {
        Map<String, List<CheckFinding>> bySubject = new LinkedHashMap<>();
        for (CheckFinding finding : all) {
            bySubject.computeIfAbsent(finding.subject(), _ -> new ArrayList<>()).add(finding);
        }
        return bySubject;
    }

    private static void append(StringBuilder text, String subject, List<CheckFinding> findings, int width) {
        List<CheckFinding> good =
                findings.stream().filter(finding -> finding.level() == Level.OK).toList();
        if (!good.isEmpty()) {
            String all = good.stream().map(CheckFinding::text).collect(Collectors.joining("; "));
            appendLine(text, Level.OK, subject, all, width);
        }
        for (CheckFinding finding : findings) {
            if (finding.level() != Level.OK) {
                appendLine(text, finding.level(), subject, finding.text(), width);
                finding.remedy()
                        .ifPresent(remedy ->
                                text.append(REMEDY_INDENT).append(remedy).append("\n"));
            }
        }
    }

    private static void appendLine(StringBuilder text, Level level, String subject, String what, int width) {
        String padding = " ".repeat(Math.max(0, width - subject.length()));
        text.append("%-9s".formatted(level.label()))
                .append(subject)
                .append(padding)
                .append("  ")
                .append(what)
                .append("\n");
    }

    private static String summary(CheckReport report) {
        long failures = report.count(Level.FAILURE);
        long warnings = report.count(Level.WARNING);
        String counts = number(failures, "failure") + ", " + number(warnings, "warning");
        if (!report.isReady()) {
            return "Not ready: orders by " + report.node() + " would fail (" + counts + ").";
        }
        return report.untried().isEmpty()
                ? "Ready: an order by " + report.node() + " can be expected to succeed (" + counts + ")."
                : "Not known: nobody could try " + Shown.list(report.untried()) + ", so an order by " + report.node()
                        + " may succeed or fail (" + counts + ").";
    }

    private static String number(long count, String what) {
        return count == 0 ? "no " + what + "s" : count + " " + what + (count == 1 ? "" : "s");
    }
}
