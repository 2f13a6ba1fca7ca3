package dev.skep.monitor;

import static dev.skep.monitor.Fixtures.certificate;
import static dev.skep.monitor.Fixtures.edge;
import static dev.skep.monitor.Fixtures.node;
import static dev.skep.monitor.Fixtures.route;
import static dev.skep.monitor.Fixtures.service;
import static dev.skep.monitor.Fixtures.stack;
import static dev.skep.monitor.Fixtures.task;
import static dev.skep.monitor.RunningMonitor.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Task;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.WithKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. */
@WithKafka
@RequiresCommand({"chromium", "chromedriver"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserIT {
  private RunningMonitor monitor;
  private Browser browser;

  // Chromium goes on writing to its profile for a moment after it was told to end.
  @BeforeAll
  void open(KafkaTest kafka, @TempDir(cleanup = CleanupMode.NEVER) Path dir) throws IOException {
    kafka.wipe();
    monitor = new RunningMonitor(kafka);
    monitor.publish(
        List.of(
            put(node("m1", Node.Role.MANAGER, Node.State.READY, true)),
            put(service("web", 2)),
            put(task("t1", "web", "m1", Task.State.RUNNING)),
            put(route("a-route-with-quite-a-long-name-for-a-narrow-screen", "web")),
            put(certificate("example.org", Duration.ofDays(29))),
            put(stack("demo", 1, 1)),
            put(edge("edge-1", 0))));
    monitor.start().awaitReady();
    browser = new Browser(dir);
  }

  @BeforeEach
  void comeAnew() throws IOException {
    browser.open(monitor.uri("/login"));
    browser.forget();
    browser.width(1280);
  }

  @AfterAll
  void close() throws IOException {
    if (browser != null) {
      browser.close();
    }
    monitor.close();
  }

  @Test
  void whoSignsInSeesNodesAndServices() throws IOException {
    browser.open(monitor.uri("/"));
    assertThat(browser.path()).isEqualTo("/login");

    signIn();

    assertThat(browser.path()).isEqualTo("/");
    assertThat(browser.text("#nodes")).contains("m1.example").contains("leader");
    assertThat(browser.text("#services")).contains("demo_web").contains("1/2");
    assertThat(browser.text("#certificates")).contains("example.org");
    assertThat(browser.text("#attention")).contains("Service demo_web runs 1 of 2 tasks");
  }

  @Test
  void theBrowserRefusesNothingAndReportsNoError() throws IOException {
    browser.open(monitor.uri("/"));
    browser.console();

    signIn();

    await().atMost(Duration.ofSeconds(10)).until(() -> browser.text("#connection").equals("Live"));
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void aChangeShowsWithoutReloading() throws IOException {
    browser.open(monitor.uri("/"));
    signIn();
    await().atMost(Duration.ofSeconds(10)).until(() -> browser.text("#connection").equals("Live"));
    browser.run("window.notReloaded = true");

    monitor.publish(
        List.of(put(service("later", 1)), put(task("t9", "later", "m1", Task.State.RUNNING))));

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(browser.text("#services")).contains("demo_later"));
    assertThat(browser.run("return window.notReloaded").asBoolean()).isTrue();
  }

  @Test
  void onAPhoneNothingSticksOut() throws IOException {
    browser.open(monitor.uri("/"));
    signIn();

    browser.width(390);

    assertThat(browser.run("return document.documentElement.scrollWidth").asInt()).isEqualTo(390);
    assertThat(browser.text("#services")).contains("demo_web");
  }

  @Test
  void everyTableHasAHeaderForEachColumnAndRow() throws IOException {
    browser.open(monitor.uri("/"));

    signIn();

    String without =
        """
        return [...document.querySelectorAll('table')].filter(t =>
            t.querySelectorAll('thead th[scope=col]').length !== t.rows[1].cells.length
            || [...t.tBodies[0].rows].some(r => !r.querySelector('th[scope=row]'))).length
        """;
    assertThat(browser.run(without).asInt()).isZero();
    assertThat(browser.run("return document.querySelectorAll('table').length").asInt())
        .isEqualTo(6);
    assertThat(
            browser.run("return document.querySelectorAll('main, header, footer').length").asInt())
        .isEqualTo(3);
  }

  @Test
  void theLanguageOnceChosenStays() throws IOException {
    browser.open(monitor.uri("/login?lang=fr"));

    signIn();

    assertThat(browser.text("#nodes")).contains("Nœuds").contains("meneur");
  }

  private void signIn() throws IOException {
    browser.type("#token", RunningMonitor.TOKEN);
    browser.click("button.primary");
    await().atMost(Duration.ofSeconds(10)).until(() -> browser.path().equals("/"));
  }
}
