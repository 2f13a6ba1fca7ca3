package dev.skep.runtime.life;

import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.http.HttpConfig;
import dev.skep.runtime.http.HttpFrontDoor;
import dev.skep.runtime.kafka.KafkaConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every service's {@code main} does: read the environment, log it redacted, see that the
 * topics are there, make the platform, start the service and its front door, and on SIGTERM close
 * all in reverse order.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   ServiceMain.run("monitor", 8425, env -> {
 *     MonitorConfig config = MonitorConfig.from(env);
 *     return platform -> new MonitorService(platform, config);
 *   });
 * }
 * }</pre>
 *
 * <p>Exit codes: 0 or 143 after SIGTERM, 1 if it could not start, 2 for bad configuration, 70 if
 * something happened that only a new process can heal.
 */
public final class ServiceMain {
  static final int COULD_NOT_START = 1;
  static final int BAD_CONFIGURATION = 2;
  static final int FATAL = 70;

  /** Below Swarm's 10 s between SIGTERM and SIGKILL. */
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

  /** Reads a service's configuration, all of it, before anything is started. */
  @FunctionalInterface
  public interface Definition {
    /** Reads; problems are collected in {@code env}, which is checked after. */
    Factory read(ConfigReader env);
  }

  /** Makes a service. */
  @FunctionalInterface
  public interface Factory {
    /**
     * Makes it; does not start it.
     *
     * @throws Exception if it cannot be made: the message is printed and the process ends with 1
     */
    SkepService create(Platform platform) throws Exception;
  }

  private final Logger log;
  private final String name;
  private final Closers closers = new Closers(CLOSE_LIMIT);
  private final AtomicBoolean ending = new AtomicBoolean();

  private ServiceMain(String name) {
    this.name = name;
    this.log = LoggerFactory.getLogger(ServiceMain.class);
  }

  /**
   * Runs a service until the process is told to end. Does not return before.
   *
   * @param name the service's name
   * @param defaultPort of its front door
   */
  public static void run(String name, int defaultPort, Definition definition) {
    run(name, env -> HttpConfig.from(env, defaultPort), definition);
  }

  /** Like {@link #run}, for a process whose front door has health and metrics alone. */
  public static void runAgent(String name, int defaultPort, Definition definition) {
    run(name, env -> HttpConfig.withoutApi(env, defaultPort), definition);
  }

  private static void run(
      String name, Function<ConfigReader, HttpConfig> door, Definition definition) {
    Map<String, String> env = System.getenv();
    Logging.configure(env.get("SKEP_LOG_LEVEL"));
    new ServiceMain(name).run(new ConfigReader(env), door, definition);
  }

  private void run(
      ConfigReader env, Function<ConfigReader, HttpConfig> frontDoor, Definition definition) {
    try {
      KafkaConfig kafka = KafkaConfig.from(env);
      TopicsAtStart topics = TopicsAtStart.from(env);
      HttpConfig http = frontDoor.apply(env);
      Factory factory = definition.read(env);
      env.check();
      log.atInfo()
          .addKeyValue("service", name)
          .addKeyValue("config", env.effective())
          .log("Starting");

      Runtime.getRuntime().addShutdownHook(new Thread(this::end, "shutdown"));
      Platform platform = closers.add("platform", Platform.create(kafka, this::fatal));
      try (WaitingDoor door = new WaitingDoor(platform, http, name)) {
        new TopicSetup(kafka, topics, name, door::tell).run();
      }
      SkepService service = closers.add(name, factory.create(platform));
      service.start();
      closers.add("front-door", HttpFrontDoor.open(platform, http, List.of(service)));
      log.atInfo().addKeyValue("service", name).log("Started");
      new CountDownLatch(1).await();
    } catch (ConfigException e) {
      fail(e.getMessage(), BAD_CONFIGURATION);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.atDebug().setCause(e).log("Could not start");
      fail("cannot start: " + e.getMessage(), COULD_NOT_START);
    }
  }

  /** For people, not for log readers: no stack trace, no timestamp. */
  private void fail(String message, int code) {
    System.err.println("skep " + name + ": " + message);
    System.exit(code);
  }

  /** The shutdown hook: whoever ends the process, its parts are closed. */
  private void end() {
    if (ending.compareAndSet(false, true)) {
      log.atInfo().addKeyValue("service", name).log("Ending");
    }
    closers.close();
    log.atInfo().addKeyValue("service", name).log("Ended");
  }

  private void fatal(Throwable cause) {
    log.atError().setCause(cause).addKeyValue("service", name).log("Cannot go on; ending");
    // Not on the caller's thread, which closing may wait for.
    Thread.ofPlatform().name("fatal").start(() -> System.exit(FATAL));
  }
}
