package org.ringcert.it.visitors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.Testbed;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Debian's Chromium without a window, driven by WebDriver (W3C) and the DevTools protocol. Connects to nothing but the
 * pages that it is sent to. Not thread-safe.
 */
final class Chromium implements AutoCloseable {

    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Pattern DRIVER_PORT = Pattern.compile("was started successfully on port (\\d+)");
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

    private static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            "--hide-scrollbars",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final ChildProcess driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI sessions;
    private String session = "";

    private Chromium(ChildProcess driver, int port) {
        this.driver = driver;
        this.sessions = URI.create("http://127.0.0.1:" + port + "/session");
    }

    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(BROWSER), BROWSER + " is not installed (Debian: chromium)");
        assumeTrue(Files.isExecutable(DRIVER), DRIVER + " is not installed (Debian: chromium-driver)");
    }

    /**
     * Starts a browser with a window of 1280 by 900 pixels.
     *
     * @param folder for its files
     */
    static Chromium start(Path folder) throws IOException {
        Path profile = Files.createTempDirectory(folder, "chromium");
        ChildProcess driver = ChildProcess.start(
                "chromedriver",
                List.of(DRIVER.toString(), "--port=0"),
                Map.of("HOME", profile.toString(), "TMPDIR", profile.toString()),
                profile.resolve("chromedriver.log"));
        Matcher port = DRIVER_PORT.matcher(
                driver.awaitLine(line -> DRIVER_PORT.matcher(line).find(), Testbed.TIMEOUT));
        if (!port.find()) {
            throw new IllegalStateException("the line has a port");
        }
        Chromium chromium = new Chromium(driver, Integer.parseInt(port.group(1)));
        try {
            chromium.createSession(profile);
            chromium.resize(1280, 900);
            return chromium;
        } catch (IOException | RuntimeException e) {
            driver.close();
            throw e;
        }
    }

    private void createSession(Path profile) throws IOException {
        List<String> arguments = new ArrayList<>(ARGUMENTS);
        arguments.add("--user-data-dir=" + profile.resolve("data"));
        Map<String, Object> capabilities = Map.of(
                "browserName", "chrome",
                "goog:chromeOptions", Map.of("binary", BROWSER.toString(), "args", arguments),
                "goog:loggingPrefs", Map.of("browser", "ALL", "performance", "ALL"));
        JsonNode created = send("POST", sessions, Map.of("capabilities", Map.of("alwaysMatch", capabilities)));
        session = "/" + created.path("sessionId").asString();
    }

    /** Opens a page and waits until it is loaded. */
    void open(String url) throws IOException {
        command("/url", Map.of("url", url));
    }

    String url() throws IOException {
        return send("GET", URI.create(sessions + session + "/url"), Map.of()).asString();
    }

    /** Runs statements in the page, and returns what they return. */
    JsonNode run(String script, Object... arguments) throws IOException {
        return command("/execute/sync", Map.of("script", script, "args", List.of(arguments)));
    }

    /** Returns the visible text of the first element that a CSS selector finds. */
    String text(String selector) throws IOException {
        return send("GET", URI.create(element(selector) + "/text"), Map.of()).asString();
    }

    /** Clicks the first element that a CSS selector finds, as a person does. */
    void click(String selector) throws IOException {
        send("POST", URI.create(element(selector) + "/click"), Map.of());
    }

    /** Types into the first element that a CSS selector finds. */
    void type(String selector, String text) throws IOException {
        send("POST", URI.create(element(selector) + "/value"), Map.of("text", text));
    }

    private String element(String selector) throws IOException {
        JsonNode found = command("/element", Map.of("using", "css selector", "value", selector));
        return sessions + session + "/element/"
                + found.values().iterator().next().asString();
    }

    /** Makes the page as large as a screen with this many CSS pixels. */
    void resize(int width, int height) throws IOException {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** Makes the user prefer dark or light pages. */
    void prefer(String colourScheme) throws IOException {
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colourScheme))));
    }

    /** Makes pages that are opened from now on run no scripts, or run them again. */
    void allowScripts(boolean isAllowed) throws IOException {
        devTools("Emulation.setScriptExecutionDisabled", Map.of("value", !isAllowed));
    }

    /** Returns a PNG of what the window shows. */
    byte[] picture() throws IOException {
        return Base64.getDecoder()
                .decode(devTools("Page.captureScreenshot", Map.of("format", "png"))
                        .path("data")
                        .asString());
    }

    /** Returns what the console has got since this was last called: errors of scripts, and violations of policies. */
    List<String> console() throws IOException {
        List<String> lines = new ArrayList<>();
        log("browser").forEach(entry -> lines.add(entry.path("message").asString()));
        return lines;
    }

    /** Returns the URLs of all requests since this was last called, but for those of the browser's own first page. */
    List<String> requests() throws IOException {
        List<String> urls = new ArrayList<>();
        for (JsonNode entry : log("performance")) {
            JsonNode message = JsonMapper.shared()
                    .readTree(entry.path("message").asString())
                    .path("message");
            if (message.path("method").asString().equals("Network.requestWillBeSent")) {
                String url = message.path("params").path("request").path("url").asString();
                if (!url.startsWith("chrome:")) {
                    urls.add(url);
                }
            }
        }
        return urls;
    }

    private JsonNode log(String type) throws IOException {
        return command("/se/log", Map.of("type", type));
    }

    private JsonNode devTools(String method, Map<String, Object> parameters) throws IOException {
        return command("/goog/cdp/execute", Map.of("cmd", method, "params", parameters));
    }

    private JsonNode command(String path, Map<String, Object> body) throws IOException {
        return send("POST", URI.create(sessions + session + path), body);
    }

    private JsonNode send(String method, URI uri, Map<String, Object> body) throws IOException {
        HttpRequest.BodyPublisher content = method.equals("POST")
                ? HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))
                : HttpRequest.BodyPublishers.noBody();
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(REQUEST_TIMEOUT)
                .header("Content-Type", "application/json; charset=utf-8")
                .method(method, content)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode value = JsonMapper.shared().readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new IOException(value.path("error").asString() + ": "
                        + value.path("message").asString());
            }
            return value;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        try (driver;
                http) {
            send("DELETE", URI.create(sessions + session), Map.of());
        }
    }
}
