package org.ringcert.it;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.ringcert.demo.TestCa;

/** Counts what the test CA has done, according to its log. */
public record CaLog(String text) {

    public static CaLog of(TestCa ca) throws IOException {
        return new CaLog(ca.log());
    }

    private int count(String line) {
        return (int) Pattern.compile(line).matcher(text).results().count();
    }

    public int accounts() {
        return count("There are now \\d+ accounts in memory");
    }

    public int orders() {
        return count("There are now \\d+ orders in the db");
    }

    public int certificates() {
        return count("Issued certificate serial");
    }

    /** Returns how many finalized orders replace a certificate (RFC 9773, section 5). */
    public int replacements() {
        return count("has been marked as replaced");
    }

    public int validatedNames() {
        return count("set VALID by completed challenge");
    }

    public List<String> failedValidations() {
        return text.lines().filter(line -> line.contains("set INVALID")).toList();
    }
}
