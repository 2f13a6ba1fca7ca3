package dev.skep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.EngineException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long a change in the cluster takes to be served at the edge. */
@Command(
    name = "route-latency",
    mixinStandardHelpOptions = true,
    description = "From a task's start, and from a changed label, to the first request served.")
public final class RouteLatency implements Callable<Integer> {
  private static final String SERVICE = "bench-route-latency";
  private static final String METHOD =
      """
      Method: a service of the demo's image with one task stands behind the running suite's edge.
      Scale up: it is scaled from one to two; requests on fresh connections, back to back, look for
      the new task's host name in the answer. "from the API call" counts from the update's answer;
      "from container start" from the Engine's own start event of the new container, whose
      application then still has to boot. Then it is scaled back to one.
      Label: its Host rule is changed to a new name (a label-only update, no task is touched), and
      requests with the new name count until the first 200.
      One machine does everything, this program included. Clock: CLOCK_MONOTONIC of this process;
      event times are taken when the event arrives here.
      """;

  @Option(names = "--rounds", defaultValue = "50", description = "of each kind (${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--http-port", defaultValue = "80", description = "the edge's HTTP port")
  private int port;

  @Option(names = "--timeout", defaultValue = "30", description = "seconds a round may take")
  private int timeoutSeconds;

  private final List<Double> fromCall = new ArrayList<>();
  private final List<Double> fromStart = new ArrayList<>();
  private final List<Double> fromLabel = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    System.out.println(METHOD);
    try (EngineClient engine = EngineClient.connect(EngineConfig.local())) {
      BenchService service = BenchService.create(engine, SERVICE, "r0.localhost");
      try (StartTimes starts = new StartTimes(engine)) {
        HttpProbe probe = new HttpProbe(port);
        await(probe, "r0.localhost", answer -> answer.status() == 200);
        for (int i = 1; i <= rounds; i++) {
          scaleRound(service, probe, starts, "r" + (i - 1) + ".localhost");
          labelRound(service, probe, "r" + i + ".localhost");
          if (i % 10 == 0) {
            System.err.println("round " + i + " of " + rounds);
          }
        }
      } finally {
        service.remove();
      }
    }
    report();
    return 0;
  }

  private void scaleRound(BenchService service, HttpProbe probe, StartTimes starts, String host)
      throws Exception {
    String before = await(probe, host, a -> a.status() == 200).body();
    String known = BenchService.hostname(before);
    starts.clear();
    long called = System.nanoTime();
    service.scale(2);
    await(probe, host, a -> a.status() == 200 && !BenchService.hostname(a.body()).equals(known));
    long served = System.nanoTime();
    fromCall.add(millis(called, served));
    fromStart.add(millis(starts.first(), served));
    service.scale(1);
    service.awaitTasks(1, timeoutSeconds);
  }

  private void labelRound(BenchService service, HttpProbe probe, String host) throws Exception {
    long called = System.nanoTime();
    service.host(host);
    await(probe, host, a -> a.status() == 200);
    fromLabel.add(millis(called, System.nanoTime()));
  }

  private HttpProbe.Answer await(
      HttpProbe probe, String host, java.util.function.Predicate<HttpProbe.Answer> passes)
      throws IOException {
    long deadline = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
    HttpProbe.Answer last = null;
    while (System.nanoTime() < deadline) {
      last = probe.get(host);
      if (passes.test(last)) {
        return last;
      }
    }
    throw new IOException(
        "no fitting answer for " + host + " within " + timeoutSeconds + " s; the last: " + last);
  }

  private void report() {
    Percentiles call = Percentiles.of(fromCall);
    Percentiles start = Percentiles.of(fromStart);
    Percentiles label = Percentiles.of(fromLabel);
    System.out.println(Percentiles.header());
    System.out.println(call.row("scale up: from the API call to served"));
    System.out.println(start.row("scale up: from container start to served"));
    System.out.println(label.row("label changed: from the API call to served"));
    System.out.printf(
        Locale.ROOT,
        "route-latency rounds=%d scale_call_p50_ms=%.0f scale_call_p99_ms=%.0f"
            + " container_start_p50_ms=%.0f container_start_p99_ms=%.0f label_p50_ms=%.0f"
            + " label_p99_ms=%.0f%n",
        rounds,
        call.at(0.5),
        call.at(0.99),
        start.at(0.5),
        start.at(0.99),
        label.at(0.5),
        label.at(0.99));
  }

  private static double millis(long from, long to) {
    return (to - from) / 1e6;
  }

  /** The demo's image behind a label. */
  private record BenchService(EngineClient engine, String id) {
    static BenchService create(EngineClient engine, String name, String host) {
      try {
        engine.removeService(name);
      } catch (EngineException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
      return new BenchService(
          engine,
          engine.createService(BenchSpec.service(engine, name, host), null).path("ID").asText());
    }

    void scale(int replicas) {
      change(
          spec ->
              spec.withObjectProperty("Mode")
                  .withObjectProperty("Replicated")
                  .put("Replicas", replicas));
    }

    void host(String host) {
      change(spec -> spec.withObjectProperty("Labels").put(BenchSpec.RULE, "Host(`" + host + "`)"));
    }

    private void change(java.util.function.Consumer<ObjectNode> edit) {
      while (true) {
        JsonNode live = engine.service(id);
        ObjectNode spec = live.path("Spec").deepCopy();
        edit.accept(spec);
        try {
          engine.updateService(id, live.path("Version").path("Index").asLong(), spec, null, null);
          return;
        } catch (EngineException e) {
          if (!e.isOutOfSequence()) {
            throw e;
          }
        }
      }
    }

    void awaitTasks(int count, int timeoutSeconds) throws InterruptedException {
      long deadline = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
      while (System.nanoTime() < deadline) {
        long containers =
            engine
                .containers(
                    dev.skep.engine.Filters.of("label", "com.docker.swarm.service.id=" + id))
                .valueStream()
                .count();
        if (containers == count) {
          return;
        }
        Thread.sleep(20);
      }
      throw new IllegalStateException("the service did not come to " + count + " tasks");
    }

    void remove() {
      engine.removeService(id);
      BenchSpec.removeConfig(engine);
    }

    static String hostname(String body) {
      return body.lines().filter(l -> l.startsWith("Hostname:")).findFirst().orElse("").strip();
    }
  }
}
