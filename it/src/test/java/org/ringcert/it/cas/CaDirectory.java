package org.ringcert.it.cas;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.awaitility.core.ConditionTimeoutException;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.TlsContexts;

/** Plain requests to a CA, before and besides those of the nodes. */
final class CaDirectory {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    private CaDirectory() {}

    /**
     * Waits until the URL is answered with 200.
     *
     * @param caFile what to trust, in PEM; it may appear while this waits
     * @param process the CA; its output is in the message if it ends or does not answer
     */
    static void await200(URI directory, Path caFile, ChildProcess process) throws IOException {
        try {
            await().atMost(START_TIMEOUT)
                    .pollInterval(100, TimeUnit.MILLISECONDS)
                    .until(() -> !process.isAlive() || answers(directory, caFile));
        } catch (ConditionTimeoutException e) {
            throw new IOException("%s does not answer: %s".formatted(directory, process.output()), e);
        }
        if (!process.isAlive()) {
            throw new IOException("the CA has ended: " + process.output());
        }
    }

    private static boolean answers(URI url, Path caFile) throws InterruptedException {
        try {
            return get(url, caFile).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Gets the URL. */
    static HttpResponse<String> get(URI url, Path caFile) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(REQUEST_TIMEOUT)
                .sslContext(trusting(caFile))
                .build()) {
            return client.send(
                    HttpRequest.newBuilder(url).timeout(REQUEST_TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static SSLContext trusting(Path caFile) throws IOException {
        try {
            return TlsContexts.trusting(caFile);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
