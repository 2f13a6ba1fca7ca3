package dev.skep.edge.haproxy;

import dev.skep.edge.haproxy.ProxyState.Mode;
import dev.skep.edge.haproxy.ProxyState.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the runtime API's answers. */
public final class RuntimeAnswers {
  private static final Pattern SHA1 = Pattern.compile("(?m)^SHA1 FingerPrint: ([0-9A-F]{40})$");
  private static final int FORCED_MAINTENANCE = 1;

  /**
   * Which process answers.
   *
   * @param pid in its own namespace: a restarted container may have the same
   * @param startedAt seconds since the epoch
   * @param staticHash of the configuration that it was started with; empty if it is not ours
   */
  public record Running(
      HaproxyVersion version, String versionText, long pid, long startedAt, String staticHash) {
    /** Whether {@code other} is the same process. */
    public boolean same(Running other) {
      return other != null && pid == other.pid && startedAt == other.startedAt;
    }
  }

  private RuntimeAnswers() {}

  /**
   * Reads {@code show info}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static Running process(String answer) {
    Map<String, String> fields = new TreeMap<>();
    answer
        .lines()
        .map(l -> l.split(": ?", 2))
        .filter(f -> f.length == 2)
        .forEach(f -> fields.putIfAbsent(f[0], f[1].strip()));
    String version = fields.get("Version");
    if (version == null || fields.get("Pid") == null || fields.get("Start_time_sec") == null) {
      throw new IllegalArgumentException("HAProxy's 'show info' lacks its version or pid");
    }
    String description = fields.getOrDefault("description", "");
    return new Running(
        HaproxyVersion.parse(version),
        version,
        Long.parseLong(fields.get("Pid")),
        Long.parseLong(fields.get("Start_time_sec")),
        description.startsWith("skep ") ? description.substring(5) : "");
  }

  /** Reads {@code show backend}: only those of routes. */
  public static List<String> backends(String answer) {
    return answer.lines().filter(RuntimeAnswers::ours).toList();
  }

  /** Reads {@code show servers state}: servers by backend, only those of routes. */
  public static SortedMap<String, SortedMap<String, Server>> servers(String answer) {
    List<String> columns = List.of();
    SortedMap<String, SortedMap<String, Server>> backends = new TreeMap<>();
    for (String line : answer.lines().toList()) {
      if (line.startsWith("# ")) {
        columns = List.of(line.substring(2).split(" ", -1));
        continue;
      }
      String[] f = line.split(" ", -1);
      if (columns.isEmpty() || f.length < columns.size()) {
        continue;
      }
      String backend = f[columns.indexOf("be_name")];
      if (!ours(backend)) {
        continue;
      }
      int admin = Integer.parseInt(f[columns.indexOf("srv_admin_state")]);
      Mode mode =
          (admin & FORCED_MAINTENANCE) != 0
              ? Mode.RETIRED
              : f[columns.indexOf("srv_uweight")].equals("0") ? Mode.DRAIN : Mode.READY;
      Server server =
          new Server(
              f[columns.indexOf("srv_addr")],
              Integer.parseInt(f[columns.indexOf("srv_port")]),
              mode);
      backends
          .computeIfAbsent(backend, b -> new TreeMap<>())
          .put(f[columns.indexOf("srv_name")], server);
    }
    return backends;
  }

  /** Reads {@code show map}: a key that is there twice is an error that a state must not hide. */
  public static SortedMap<String, String> map(String answer) {
    SortedMap<String, String> entries = new TreeMap<>();
    for (String line : answer.lines().filter(l -> l.startsWith("0x")).toList()) {
      String[] f = line.split(" ", 3);
      if (f.length == 3 && entries.put(f[1], f[2]) != null) {
        entries.put(f[1], "(twice)");
      }
    }
    return entries;
  }

  /** Reads {@code show ssl crt-list}: the certificates' file names in {@code certs/}. */
  public static List<String> crtList(String answer) {
    List<String> files = new ArrayList<>();
    for (String line : answer.lines().toList()) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String path = line.strip().split(" ", 2)[0];
        files.add(path.substring(path.lastIndexOf('/') + 1));
      }
    }
    return files;
  }

  /** Reads {@code show ssl cert PATH}: SHA-1 of the leaf's DER, lower-case hex. */
  public static Optional<String> sha1(String answer) {
    Matcher m = SHA1.matcher(answer);
    return m.find() ? Optional.of(m.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
  }

  /** Reads a new map version's number. */
  public static long version(String answer) {
    Matcher m = Pattern.compile("New version created: ([0-9]+)").matcher(answer);
    if (!m.find()) {
      throw new IllegalArgumentException("no map version in '" + answer.strip() + "'");
    }
    return Long.parseLong(m.group(1));
  }

  private static boolean ours(String backend) {
    return backend.startsWith("b_") || backend.startsWith("s_");
  }
}
