package dev.skep.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import dev.skep.testing.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A real Chromium, driven over WebDriver. */
final class Browser implements AutoCloseable {
  private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process driver;
  private final String base;
  private final String session;

  Browser(Path profile) throws IOException {
    int port = Ports.free();
    driver =
        new ProcessBuilder("chromedriver", "--port=" + port, "--allowed-ips=127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("chromedriver.log").toFile())
            .start();
    base = "http://127.0.0.1:" + port;
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(ConnectException.class)
        .until(() -> call("GET", "/status", null).get("ready").asBoolean());
    ObjectNode body = Json.mapper().createObjectNode();
    ObjectNode wanted = body.putObject("capabilities").putObject("alwaysMatch");
    wanted.putObject("goog:loggingPrefs").put("browser", "ALL");
    var args = wanted.putObject("goog:chromeOptions").putArray("args");
    for (String arg :
        new String[] {
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--lang=en",
          "--window-size=1280,900",
          "--user-data-dir=" + Files.createDirectory(profile.resolve("profile"))
        }) {
      args.add(arg);
    }
    session = "/session/" + call("POST", "/session", body).get("sessionId").asText();
  }

  void open(URI page) throws IOException {
    call("POST", session + "/url", object().put("url", page.toString()));
  }

  String path() throws IOException {
    return URI.create(call("GET", session + "/url", null).asText()).getPath();
  }

  void type(String css, String text) throws IOException {
    call("POST", session + "/element/" + find(css) + "/value", object().put("text", text));
  }

  void click(String css) throws IOException {
    call("POST", session + "/element/" + find(css) + "/click", object());
  }

  /** An element's visible text, found and read in one step: the page may replace it in between. */
  String text(String css) throws IOException {
    ObjectNode body =
        object().put("script", "return document.querySelector(arguments[0]).innerText");
    body.putArray("args").add(css);
    return call("POST", session + "/execute/sync", body).asText();
  }

  /** What a script returns. */
  JsonNode run(String script) throws IOException {
    ObjectNode body = object().put("script", script);
    body.putArray("args");
    return call("POST", session + "/execute/sync", body);
  }

  /** Makes the window as wide as a phone, or anything else. */
  void width(int pixels) throws IOException {
    ObjectNode body = object().put("cmd", "Emulation.setDeviceMetricsOverride");
    body.putObject("params")
        .put("width", pixels)
        .put("height", 844)
        .put("deviceScaleFactor", 1)
        .put("mobile", pixels < 600);
    call("POST", session + "/goog/cdp/execute", body);
  }

  /** Forgets every cookie of the page that is open. */
  void forget() throws IOException {
    call("DELETE", session + "/cookie", null);
  }

  /**
   * What the page wrote to the console since this was last asked: errors, and what the security
   * policy refused.
   */
  JsonNode console() throws IOException {
    return call("POST", session + "/se/log", object().put("type", "browser"));
  }

  private String find(String css) throws IOException {
    ObjectNode body = object().put("using", "css selector").put("value", css);
    return call("POST", session + "/element", body).get(ELEMENT).asText();
  }

  private JsonNode call(String method, String path, ObjectNode body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      JsonNode answer = Json.mapper().readTree(http.send(request, BodyHandlers.ofString()).body());
      JsonNode value = answer.get("value");
      if (value != null && value.has("error")) {
        throw new IOException(method + " " + path + ": " + value.get("message").asText());
      }
      return value;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }

  @Override
  public void close() throws IOException {
    try {
      call("DELETE", session, null);
    } finally {
      driver.destroy();
      http.close();
    }
  }
}
