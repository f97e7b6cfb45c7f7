package org.ringcert.it.upgrade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.ringcert.it.Testbed;

/**
 * A deploy command of one site, which fails until it is mended.
 *
 * @param condition the file that exists once the command is mended
 * @param result receives the site's name with each deployment
 */
record Deployment(Path condition, Path result) {

    /** Writes the command and adds it to the configuration. */
    static Deployment of(Testbed testbed, String site, Path folder) throws IOException {
        Deployment deployment = new Deployment(folder.resolve("mended"), folder.resolve("deployed"));
        Path script = Files.writeString(
                folder.resolve("deploy"),
                "#!/bin/sh\n[ -e '%s' ] && echo \"$RINGCERT_SITE\" >>'%s'\n"
                        .formatted(deployment.condition, deployment.result));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        String names = "names = [\"%s\"]\n".formatted(site);
        testbed.editConfiguration(text -> text.replace(names, names + "deploy = [\"%s\"]\n".formatted(script)));
        return deployment;
    }

    void mend() throws IOException {
        Files.createFile(condition);
    }

    List<String> deployed() throws IOException {
        return Files.readAllLines(result);
    }
}
