package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlRuleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://ca.example.org/dir",
                "http://127.0.0.1.example.org/dir",
                "ftp://localhost/dir",
                "https:///dir",
                "https://user@ca.example.org/dir",
                "https://ca.example.org/dir#top",
                "letsencrypt"
            })
    void rejectsADirectoryUrlOtherThanHttps(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AcmeClient.create(URI.create(url), Optional.empty(), "1", Clock.systemUTC()))
                .withMessageStartingWith("the URL of a directory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:1/dir",
                "http://127.3.2.1/dir",
                "http://[::1]:80/dir",
                "HTTP://LOCALHOST/dir",
                "http://[0:0:0:0:0:0:0:1]/dir"
            })
    void allowsHttpForATestCaOnThisMachine(String url) {
        assertThat(UrlRule.forDirectory(URI.create(url)).allowsLoopbackHttp()).isTrue();
    }

    @Test
    void rejectsLoopbackUrlsFromARemoteCa() {
        UrlRule rule = UrlRule.forDirectory(URI.create("https://ca.example.org/dir"));

        assertThat(rule.error(URI.create("http://127.0.0.1:9402/"))).isPresent();
        assertThat(rule.error(URI.create("https://other.example.org/x"))).isEmpty();
    }
}
