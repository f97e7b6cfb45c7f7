package org.ringcert.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvConfTest {

    @TempDir
    private Path folder;

    @Test
    void readsTheServersInOrder() throws IOException {
        assertThat(servers("""
                # nameserver 192.0.2.9
                ; nameserver 192.0.2.9
                search example.com
                nameserver 192.0.2.1
                \tnameserver   2001:db8::53   # the second
                options edns0
                nameserver
                nameserver not-an-address
                """)).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:53");
    }

    @Test
    void usesThreeServersAsTheSystemDoes() throws IOException {
        assertThat(servers("nameserver 192.0.2.1\n".repeat(2) + "nameserver 192.0.2.3\nnameserver 192.0.2.4\n"))
                .containsExactly("192.0.2.1", "192.0.2.1", "192.0.2.3");
    }

    @Test
    void withoutAFileItIsTheServerOnThisMachine() throws IOException {
        assertThat(addresses(new ResolvConf(folder.resolve("none"), folder.resolve("none"))))
                .containsExactly("127.0.0.1");
        assertThat(servers("search example.com\n")).containsExactly("127.0.0.1");
    }

    @Test
    void asksTheServersBehindTheStubOfSystemdResolved() throws IOException {
        Path behind = Files.writeString(folder.resolve("behind"), "nameserver 192.0.2.1\n");
        Path stub = Files.writeString(folder.resolve("stub"), "nameserver 127.0.0.53\noptions edns0 trust-ad\n");
        assertThat(addresses(new ResolvConf(stub, behind))).containsExactly("192.0.2.1");
        assertThat(addresses(new ResolvConf(stub, folder.resolve("none")))).containsExactly("127.0.0.53");
    }

    private List<String> servers(String text) throws IOException {
        return addresses(new ResolvConf(Files.writeString(folder.resolve("file"), text), folder.resolve("none")));
    }

    private static List<String> addresses(ResolvConf conf) {
        return conf.servers().stream()
                .peek(each -> assertThat(each.getPort()).isEqualTo(53))
                .map(each -> each.getAddress().getHostAddress())
                .toList();
    }
}
