package dev.skep.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Memory and processor time of the whole suite, node by node, where it runs on a lab. */
@Command(
    name = "stack-footprint",
    mixinStandardHelpOptions = true,
    description = "Memory and processor time per node of the suite that runs on a lab.")
public final class StackFootprint implements Callable<Integer> {
  private static final String METHOD =
      """
      Method: the suite runs on a lab and rests. For each container of the stack, all its processes:
      RSS and PSS of /proc/PID/smaps_rollup, and the processor time of /proc/PID/stat that they take
      between the beginning and the end. Health checks come and go in between and are not in it, nor
      is the Engine. One core is 1000 m. MB are 2^20 bytes.
      """;

  private static final String STACK = "skep_";
  private static final Pattern CONTAINER = Pattern.compile("([0-9a-f]{64})$");

  @Option(names = "--lab", defaultValue = "${env:SKEP_LAB:-skep-lab}", description = "its name")
  private String lab;

  @Option(names = "--seconds", defaultValue = "60", description = "how long (${DEFAULT-VALUE})")
  private int seconds;

  private record Container(String node, String service) {}

  /** What processes hold, and took so far. */
  private record Use(double rss, double pss, double cpu) {
    static final Use NONE = new Use(0, 0, 0);

    Use plus(Use other) {
      return new Use(rss + other.rss, pss + other.pss, cpu + other.cpu);
    }

    /** At the end, with the processor time since {@code before}, in thousandths of a core. */
    Use since(Use before, double seconds) {
      return new Use(rss, pss, (cpu - before.cpu) / seconds * 1000);
    }
  }

  @Override
  public Integer call() throws Exception {
    System.out.println(METHOD);
    Map<String, Container> containers = containers();
    if (containers.isEmpty()) {
      System.err.println("No container of the stack runs on lab " + lab + ": see docs/lab.md");
      return 1;
    }
    Map<String, Use> before = use(containers);
    long begun = System.nanoTime();
    Thread.sleep(seconds * 1000L);
    Map<String, Use> after = use(containers);
    double took = (System.nanoTime() - begun) / 1e9;

    Map<String, List<Use>> services = new TreeMap<>();
    Map<String, Use> nodes = new TreeMap<>();
    Use all = Use.NONE;
    for (Map.Entry<String, Container> e : containers.entrySet()) {
      if (!before.containsKey(e.getKey()) || !after.containsKey(e.getKey())) {
        continue;
      }
      Use its = after.get(e.getKey()).since(before.get(e.getKey()), took);
      services.computeIfAbsent(e.getValue().service(), k -> new ArrayList<>()).add(its);
      nodes.merge(e.getValue().node(), its, Use::plus);
      all = all.plus(its);
    }
    System.out.printf(
        "%-20s %5s %10s %10s %10s%n", "a task of", "tasks", "RSS MB", "PSS MB", "CPU m");
    services.forEach((name, uses) -> row(name, uses.size(), median(uses)));
    System.out.println();
    nodes.forEach((name, its) -> row(name, 0, its));
    row("all nodes", containers.size(), all);
    System.out.printf(
        Locale.ROOT,
        "stack-footprint nodes=%d tasks=%d rss_mb=%.0f pss_mb=%.0f cpu_m=%.0f%n",
        nodes.size(),
        containers.size(),
        all.rss(),
        all.pss(),
        all.cpu());
    return 0;
  }

  private Map<String, Container> containers() throws IOException {
    Map<String, Container> containers = new TreeMap<>();
    Path sockets = Path.of("/run", lab);
    if (!Files.isDirectory(sockets)) {
      return containers;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(sockets, "*.sock")) {
      for (Path socket : all) {
        String node = socket.getFileName().toString().replace(".sock", "");
        String format = "{{.ID}} {{.Label \"com.docker.swarm.service.name\"}}";
        String listed =
            Docker.run("-H", "unix://" + socket, "ps", "--no-trunc", "--format", format);
        for (String line : listed.lines().toList()) {
          String[] words = line.split(" ", -1);
          if (words.length == 2 && words[1].startsWith(STACK)) {
            containers.put(words[0], new Container(node, words[1].substring(STACK.length())));
          }
        }
      }
    }
    return containers;
  }

  private static Map<String, Use> use(Map<String, Container> containers) throws IOException {
    Map<String, Use> use = new TreeMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        String id = container(process);
        if (containers.containsKey(id)) {
          use.merge(id, use(pid), Use::plus);
        }
      }
    }
    return use;
  }

  private static Use use(long pid) throws IOException {
    try {
      ProcFs.Memory memory = ProcFs.memory(pid);
      return new Use(memory.rss(), memory.pss(), ProcFs.processorTime(pid));
    } catch (IOException e) {
      return Use.NONE;
    }
  }

  /** The innermost container that a process is in, by its id; "" for none. */
  private static String container(Path process) throws IOException {
    try {
      for (String line : Files.readAllLines(process.resolve("cgroup"))) {
        Matcher id = CONTAINER.matcher(line);
        if (id.find()) {
          return id.group(1);
        }
      }
    } catch (IOException e) {
      // It has ended meanwhile, as health checks do.
      return "";
    }
    return "";
  }

  private static Use median(List<Use> all) {
    return new Use(
        Percentiles.of(all.stream().map(Use::rss).toList()).at(0.5),
        Percentiles.of(all.stream().map(Use::pss).toList()).at(0.5),
        Percentiles.of(all.stream().map(Use::cpu).toList()).at(0.5));
  }

  private static void row(String name, int tasks, Use use) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %5s %10.1f %10.1f %10.1f%n",
        name,
        tasks == 0 ? "" : tasks,
        use.rss(),
        use.pss(),
        use.cpu());
  }
}
