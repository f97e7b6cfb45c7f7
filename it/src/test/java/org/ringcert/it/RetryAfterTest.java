package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders at a real CA that says how long to wait, in seconds or as a date (RFC 8555, section 7.4). */
@UsesPebble
class RetryAfterTest {

    @TempDir
    private Path folder;

    @Test
    void asksNoSoonerThanTheCaWants() throws Exception {
        try (Testbed testbed = Testbed.start(
                        folder,
                        PebbleRelease.NEWEST,
                        options -> options.withRetryAfter(Duration.ofSeconds(2))
                                .withValidationDelay(Duration.ofSeconds(5))
                                .withRefusedNonces(0),
                        1,
                        "www.example.org");
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);

            testbed.runCommand(0, 0, "renew");

            Certificates.verified(testbed, 0, 0);
            List<String> requests = proxy.requests();
            // The CA needs up to four seconds for the validation. A date has no fractions of a second, so it asks for
            // less than two seconds. A client that did not wait would send about twenty requests.
            assertThat(requests)
                    .filteredOn(request -> request.contains("/authZ/"))
                    .hasSizeLessThanOrEqualTo(8);
            assertThat(requests)
                    .filteredOn(request -> request.contains("/my-order/"))
                    .hasSizeLessThanOrEqualTo(8);
        }
    }
}
