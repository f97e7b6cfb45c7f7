package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.daemon.check.CheckFinding.Level;

class CommandCheckTest extends CheckFixture {

    private Path bin;

    @BeforeEach
    void createDirectories() throws Exception {
        bin = Files.createDirectory(folder.resolve("bin"));
        Files.createDirectory(folder.resolve("store"));
    }

    private Path program(String permissions) throws Exception {
        Path program = Files.writeString(bin.resolve("page"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(permissions));
        return program;
    }

    private List<CheckFinding> look(String alert) throws Exception {
        return CommandCheck.ofAlerts(scope(alert), "relative:" + bin + ":/nowhere")
                .look();
    }

    private List<CheckFinding> lookFor(String program) throws Exception {
        return look("[alert]\nrun = [\"" + program + "\", \"--urgent\"]\n");
    }

    @Test
    void saysNothingWithoutACommand() throws Exception {
        assertThat(look("")).isEmpty();
    }

    @Test
    void saysNothingBeforeThereIsAStoreWhoseOwnerRunsIt() throws Exception {
        Files.delete(folder.resolve("store"));
        assertThat(lookFor("/nowhere/page")).isEmpty();
    }

    @Test
    void aProgramIsFoundByItsPathOrInThePath() throws Exception {
        Path program = program("rwxr-xr-x");
        for (String name : List.of(program.toString(), "page")) {
            CheckFinding finding = only(lookFor(name), "[alert]");
            assertThat(finding.level()).isEqualTo(Level.OK);
            assertThat(finding.text()).isEqualTo("its program, " + name + ", can be run");
        }
    }

    @Test
    void aProgramThatIsMissingIsAWarning() throws Exception {
        CheckFinding byPath = only(lookFor("/nowhere/page"), "[alert]");
        assertThat(byPath.level()).isEqualTo(Level.WARNING);
        assertThat(byPath.text()).isEqualTo("/nowhere/page does not exist, so nobody would be told of a problem");
        assertThat(byPath.remedy().orElseThrow()).contains("correct `run` in [alert]");
        assertThat(only(lookFor("page"), "[alert]").text())
                .startsWith("page is in no directory of the PATH, so nobody");
    }

    @Test
    void aProgramThatIsNotExecutableIsAWarning() throws Exception {
        Path program = program("rw-r--r--");
        assertThat(only(lookFor("page"), "[alert]").text())
                .startsWith(program + " is not executable for ")
                .endsWith(", so nobody would be told of a problem");
    }

    @Test
    void theProgramThatTestsRenewedCertificatesIsCheckedAlike() throws Exception {
        CheckFinding missing = only(
                CommandCheck.ofCanary(scope("[check]\ncanary = [\"/nowhere/try\"]\n"), bin.toString())
                        .look(),
                "[check]");

        assertThat(missing.level()).isEqualTo(Level.WARNING);
        assertThat(missing.text())
                .isEqualTo("/nowhere/try does not exist, so renewed certificates are tested without it");
        assertThat(missing.remedy().orElseThrow()).contains("correct `canary` in [check]");
    }
}
