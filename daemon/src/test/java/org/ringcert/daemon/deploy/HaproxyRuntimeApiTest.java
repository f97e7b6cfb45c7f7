package org.ringcert.daemon.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.http.TimeLimit;

class HaproxyRuntimeApiTest {

    private static final String NOBODY = "65534";

    @TempDir
    private Path folder;

    /** Runs in a process of its own, as a user without permission, because root always has it. */
    public static void main(String[] arguments) {
        try {
            new HaproxyRuntimeApi(Path.of(arguments[0])).send("show info");
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    private String sendAsNobody(Path socket) throws Exception {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        for (Class<?> needed : List.of(HaproxyRuntimeApi.class, HaproxyRuntimeApiTest.class, TimeLimit.class)) {
            Path from = Path.of(
                    needed.getProtectionDomain().getCodeSource().getLocation().toURI());
            String inside = needed.getPackageName().replace('.', '/');
            Path to = Files.createDirectories(classes.resolve(inside));
            try (var system = Files.isDirectory(from) ? null : java.nio.file.FileSystems.newFileSystem(from);
                    Stream<Path> files = Files.list(system == null ? from.resolve(inside) : system.getPath(inside))) {
                for (Path file : files.filter(file -> file.toString().contains(needed.getSimpleName()))
                        .toList()) {
                    Files.write(to.resolve(file.getFileName().toString()), Files.readAllBytes(file));
                }
            }
        }
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes.toString(),
                        HaproxyRuntimeApiTest.class.getName(),
                        socket.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void namesTheGroupOfTheSocketAndHowToJoinIt() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can connect as another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv (Debian: util-linux)");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path socket = folder.resolve("admin.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
            assertThat(sendAsNobody(socket))
                    .contains(
                            "admin.sock cannot be used (Permission denied); it belongs to the group root, which Ringcert is not in",
                            "run `systemctl edit ringcert`, add SupplementaryGroups=root below [Service], then run `systemctl restart ringcert`");
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            assertThat(sendAsNobody(socket))
                    .contains("its permissions are rw-------: HAProxy needs `stats socket " + socket
                            + " mode 660 level admin`");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            Path inner = Files.createDirectory(folder.resolve("inner"));
            Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwx------"));
            assertThat(sendAsNobody(inner.resolve("admin.sock"))).contains("is not allowed to enter " + inner);
        }
    }
}
