package dev.skep.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.skep.deployer.source.hook.Webhook;
import dev.skep.testing.RequiresCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real programs. */
@RequiresCommand({"git", "curl", "openssl"})
class PushedRepositoryTest {
  private static final String SECRET = "the secret of webhooks";

  @TempDir Path dir;
  private final ConcurrentLinkedQueue<Boolean> verified = new ConcurrentLinkedQueue<>();
  private volatile int answer = 202;
  private HttpServer host;
  private PushedRepository repository;

  @BeforeEach
  void start() throws Exception {
    host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    host.createContext(
        "/hooks/git/one",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          verified.add(
              Webhook.verified(exchange.getRequestHeaders()::getFirst, body, SECRET).isPresent());
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    host.start();
    TimedProcess processes = new TimedProcess(dir.resolve("log"), Duration.ofSeconds(30));
    repository = PushedRepository.create(processes, dir, "one");
    repository.tell(
        URI.create("http://127.0.0.1:" + host.getAddress().getPort() + "/hooks/git/one"),
        Files.writeString(dir.resolve("secret"), SECRET));
  }

  @AfterEach
  void stop() {
    host.stop(0);
  }

  @Test
  void aPushIsToldAsADeployerTakesItAndItsTimeIsNoted() throws Exception {
    Instant before = Instant.now();
    repository.with("stacks/a/compose.yml", "services: {}").with("README", "one");

    Instant pushed = repository.pushAndTell();

    assertThat(verified).containsExactly(true);
    assertThat(pushed).isBetween(before, Instant.now());
    repository.with("README", "two");
    assertThat(repository.pushAndTell()).isAfter(pushed);
    assertThat(verified).containsExactly(true, true);
  }

  @Test
  void aWebhookThatIsRefusedIsAnError() throws IOException {
    answer = 401;
    repository.with("README", "one");

    assertThatThrownBy(() -> repository.pushAndTell())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answered by 401");
  }
}
