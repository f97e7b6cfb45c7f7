package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The version is defined in the root pom; Maven requires a copy of it in the parent element of each module. */
class BuildVersionTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    @Test
    void isTheVersionOfTheRootPomWithoutSnapshot() throws IOException {
        assertThat(BuildVersion.CURRENT).isEqualTo(firstVersion(ROOT).replace("-SNAPSHOT", ""));
    }

    @Test
    void allModulesHaveTheVersionOfTheRootPom() throws IOException {
        List<String> modules =
                MODULE.matcher(pom(ROOT)).results().map(match -> match.group(1)).toList();

        assertThat(modules).isNotEmpty();
        for (String module : modules) {
            assertThat(firstVersion(ROOT.resolve(module))).as(module).isEqualTo(firstVersion(ROOT));
        }
    }

    /** Returns the first version in a pom: the project's own in the root, the parent's in a module. */
    private static String firstVersion(Path module) throws IOException {
        MatchResult first = VERSION.matcher(pom(module)).results().findFirst().orElseThrow();
        return first.group(1);
    }

    private static String pom(Path module) throws IOException {
        return Files.readString(module.resolve("pom.xml"));
    }
}
