package org.ringcert.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFileTest {

    @TempDir
    private Path folder;

    @Test
    void findsOutWhetherAProgramCanBeRun() throws Exception {
        Path program = Files.writeString(folder.resolve("page"), "#!/bin/sh\n");
        assertThat(ProgramFile.problem(program.toString(), "", folder))
                .get()
                .asString()
                .startsWith(program + " is not executable for ");
        assertThat(ProgramFile.problem("page", "relative::" + folder, folder)).isPresent();
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(ProgramFile.problem(program.toString(), "", folder)).isEmpty();
        assertThat(ProgramFile.problem("page", "/nowhere:" + folder, folder)).isEmpty();
        assertThat(ProgramFile.problem("page", "/nowhere", folder)).contains("page is in no directory of the PATH");
        assertThat(ProgramFile.problem("/nowhere/page", "", folder)).contains("/nowhere/page does not exist");
        assertThat(ProgramFile.problem(folder.toString(), "", folder)).isPresent();
    }
}
