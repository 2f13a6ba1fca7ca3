package dev.skep.runtime.life;

import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.http.HttpConfig;
import dev.skep.runtime.http.HttpFrontDoor;
import java.util.List;

/**
 * The front door of a service that waits for its broker: live, not ready, with the reason. Without
 * it, whoever looks after the process would take it for dead and start it anew, for nothing.
 */
final class WaitingDoor implements AutoCloseable {
  private final Platform platform;
  private final HttpConfig http;
  private final String service;
  private volatile String reason = "";
  private HttpFrontDoor door;

  WaitingDoor(Platform platform, HttpConfig http, String service) {
    this.platform = platform;
    this.http = http;
    this.service = service;
  }

  /** Opens it at the first call: who need not wait pays nothing for it. */
  void tell(String why) {
    reason = why;
    if (door == null) {
      door = HttpFrontDoor.openBeforeBroker(platform, http, List.of(new Waiting()));
    }
  }

  @Override
  public void close() {
    if (door != null) {
      door.close();
    }
  }

  private final class Waiting implements SkepService {
    @Override
    public String name() {
      return service;
    }

    @Override
    public void start() {
      // There is nothing to start: it only answers.
    }

    @Override
    public Health health() {
      return Health.of(true, false).with("waiting", reason);
    }

    @Override
    public void close() {
      // It holds nothing.
    }
  }
}
