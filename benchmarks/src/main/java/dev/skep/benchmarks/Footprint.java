package dev.skep.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Memory and start of each service's image on its own. */
@Command(
    name = "footprint",
    mixinStandardHelpOptions = true,
    description = "Memory and time to ready of each service's image, against a running Kafka.")
public final class Footprint implements Callable<Integer> {
  private static final String METHOD =
      """
      Method: the services' images as containers on this machine's Engine, each with a read-only root
      and no capability, against a Kafka of its own image: clients by mutual TLS, rights checked, topics
      made before. HAProxy runs beside the edge agent; what reads the Engine reads this machine's.
      Ready: from the start of the container's first process, as the kernel has it (10 ms), to the
      first 200 from GET /health/ready, asked for again every 10 ms on fresh connections. What the Engine
      takes to set a container up comes before and is not in it. One service starts at a time. CPU: the
      processor time that it took until then, which a busy machine changes less.
      Memory: all of them run; idle seconds after the last one is ready, /proc/PID/smaps_rollup says
      RSS, PSS (what processes share counts by its share) and unshared (Private_Dirty: pages that are
      neither a file's nor another process's).
      By node: a worker has the node agent; an edge also its agent and HAProxy; a manager also Traefik's
      agent, which is the edge agent's image. The Engine's proxies, Traefik and monitoring come on top.
      Medians of the rounds. MB are 2^20 bytes.
      """;

  private static final String HAPROXY = "HAProxy (idle)";
  private static final String KAFKA = "Kafka";
  private static final int COMMANDS = 20;
  private static final long READY_LIMIT = 60_000_000_000L;

  private static final Map<String, Integer> SERVICES = new LinkedHashMap<>();

  static {
    SERVICES.put("edge-agent", 8427);
    SERVICES.put("node-agent", 8426);
    SERVICES.put("inventory-service", 8421);
    SERVICES.put("edge-config-service", 8423);
    SERVICES.put("cert-service", 8424);
    SERVICES.put("deployer-service", 8422);
    SERVICES.put("monitor-service", 8425);
  }

  @Option(names = "--rounds", defaultValue = "5", description = "how often (${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--idle", defaultValue = "20", description = "seconds (${DEFAULT-VALUE})")
  private int idleSeconds;

  @Option(names = "--images", defaultValue = "${env:SKEP_IMAGES:-skep}")
  private String images;

  @Option(names = "--version-of-images", defaultValue = "${env:SKEP_VERSION:-0.1.0}")
  private String version;

  @Option(names = "--only", split = ",", description = "images, by comma; all of them")
  private List<String> only = List.of();

  private final Map<String, List<Double>> ready = new LinkedHashMap<>();
  private final Map<String, List<Double>> processor = new LinkedHashMap<>();
  private final Map<String, List<ProcFs.Memory>> memory = new LinkedHashMap<>();
  private List<Double> commandLine = List.of();

  @Override
  public Integer call() throws Exception {
    System.out.println(METHOD);
    long boot = ProcFs.boot();
    try (FootprintBed bed = new FootprintBed(images, version)) {
      bed.open();
      // One more at first, which counts for nothing: images come from the disk, and HAProxy starts.
      for (int i = 0; i <= rounds; i++) {
        round(bed, boot, i == 0);
        System.err.println("round " + i + " of " + rounds);
      }
      commandLine = bed.commandLine(COMMANDS);
    }
    report();
    return 0;
  }

  private void round(FootprintBed bed, long boot, boolean first) throws Exception {
    Map<String, Long> pids = new LinkedHashMap<>();
    List<String> containers = new ArrayList<>();
    for (Map.Entry<String, Integer> service : SERVICES.entrySet()) {
      String image = service.getKey();
      if (!only.isEmpty() && !only.contains(image)) {
        continue;
      }
      String container = bed.start(image);
      containers.add(container);
      String[] seen =
          Docker.inspect(
                  container,
                  "{{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
              .split(" ", -1);
      long pid = Long.parseLong(seen[0]);
      if (first && image.equals("edge-agent")) {
        // Only this once: it serves on while the agent comes and goes.
        bed.startHaproxy(container);
      }
      long at = awaitReady(container, seen[1], service.getValue());
      if (!first) {
        double millis = (at - boot) / 1e6 - ProcFs.started(pid) * 1e3;
        ready.computeIfAbsent(image, k -> new ArrayList<>()).add(millis);
        processor
            .computeIfAbsent(image, k -> new ArrayList<>())
            .add(ProcFs.processorTime(pid) * 1e3);
        pids.put(image, pid);
      }
    }
    if (!first) {
      Thread.sleep(idleSeconds * 1000L);
      for (Map.Entry<String, Long> process : pids.entrySet()) {
        memory
            .computeIfAbsent(process.getKey(), k -> new ArrayList<>())
            .add(ProcFs.memory(process.getValue()));
      }
      if (only.isEmpty()) {
        note(HAPROXY, FootprintBed.HAPROXY);
        note(KAFKA, FootprintBed.KAFKA);
      }
    }
    for (String container : containers) {
      Docker.run("stop", container);
      Docker.remove(List.of(container));
    }
  }

  /** All processes of a container that is not ours. */
  private void note(String name, String container) throws IOException {
    ProcFs.Memory sum = new ProcFs.Memory(0, 0, 0);
    for (String pid : Docker.run("top", container, "-eo", "pid").lines().skip(1).toList()) {
      sum = sum.plus(ProcFs.memory(Long.parseLong(pid.strip())));
    }
    memory.computeIfAbsent(name, k -> new ArrayList<>()).add(sum);
  }

  /** When it was seen to be ready, in nanoTime. */
  private static long awaitReady(String container, String address, int port) throws Exception {
    long end = System.nanoTime() + READY_LIMIT;
    while (!answers(address, port)) {
      if (System.nanoTime() > end) {
        throw new IOException(container + " is not ready:\n" + Docker.run("logs", container));
      }
      Thread.sleep(10);
    }
    return System.nanoTime();
  }

  private static boolean answers(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(2000);
      socket.connect(new InetSocketAddress(address, port), 2000);
      socket
          .getOutputStream()
          .write("GET /health/ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] head = socket.getInputStream().readNBytes(12);
      return new String(head, StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }

  private void report() {
    System.out.printf(
        "%-22s %10s %10s %10s %10s %12s %10s%n",
        "", "ready ms", "(worst)", "(CPU)", "RSS MB", "unshared MB", "PSS MB");
    StringBuilder figures = new StringBuilder("footprint rounds=" + rounds);
    ProcFs.Memory sum = new ProcFs.Memory(0, 0, 0);
    for (String image : ready.keySet()) {
      Percentiles start = Percentiles.of(ready.get(image));
      ProcFs.Memory m = median(memory.get(image));
      sum = sum.plus(m);
      System.out.println(
          row(
              image,
              start.at(0.5),
              start.at(1),
              Percentiles.of(processor.get(image)).at(0.5),
              m.rss(),
              m.unshared(),
              m.pss()));
      String key = image.replace('-', '_');
      figures.append(
          String.format(
              Locale.ROOT,
              " %s_ready_ms=%.0f %s_rss_mb=%.0f %s_unshared_mb=%.0f",
              key,
              start.at(0.5),
              key,
              m.rss(),
              key,
              m.unshared()));
    }
    System.out.println(row("ours on one machine", 0, 0, 0, sum.rss(), sum.unshared(), sum.pss()));
    if (only.isEmpty()) {
      for (String other : List.of(HAPROXY, KAFKA)) {
        ProcFs.Memory m = median(memory.get(other));
        System.out.println(row(other, 0, 0, 0, m.rss(), m.unshared(), m.pss()));
      }
      nodes();
    }
    double cli = Percentiles.of(commandLine).at(0.5);
    System.out.printf(Locale.ROOT, "%-22s %10.0f%n", "skep stack convert", cli);
    System.out.printf(Locale.ROOT, "%s pss_all_mb=%.0f cli_ms=%.0f%n", figures, sum.pss(), cli);
  }

  /** What a node of each kind holds: RSS, so that what its processes share counts for each. */
  private void nodes() {
    double every = rss("node-agent");
    double edge = every + rss("edge-agent") + rss(HAPROXY);
    double manager = every + rss("edge-agent");
    double services = 0;
    for (String image : ready.keySet()) {
      services += image.endsWith("-service") ? rss(image) : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "RSS by node, MB: worker %.0f; edge %.0f; manager %.0f, with all five services %.0f, and"
            + " with Kafka %.0f%n",
        every,
        edge,
        manager,
        manager + services,
        manager + services + rss(KAFKA));
  }

  private double rss(String name) {
    return median(memory.get(name)).rss();
  }

  private static ProcFs.Memory median(List<ProcFs.Memory> all) {
    return new ProcFs.Memory(
        Percentiles.of(all.stream().map(ProcFs.Memory::rss).toList()).at(0.5),
        Percentiles.of(all.stream().map(ProcFs.Memory::pss).toList()).at(0.5),
        Percentiles.of(all.stream().map(ProcFs.Memory::unshared).toList()).at(0.5));
  }

  private static String row(
      String name,
      double ready,
      double worst,
      double cpu,
      double rss,
      double unshared,
      double pss) {
    return String.format(
        Locale.ROOT,
        "%-22s %10.0f %10.0f %10.0f %10.1f %12.1f %10.1f",
        name,
        ready,
        worst,
        cpu,
        rss,
        unshared,
        pss);
  }
}
