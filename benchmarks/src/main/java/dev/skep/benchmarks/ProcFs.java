package dev.skep.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the kernel says of a process on this machine. */
final class ProcFs {
  // Fields of /proc/PID/stat, counted from what follows the command's name.
  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int START = 19;

  private static final double TICKS = 100.0;

  private ProcFs() {}

  /**
   * A process's memory.
   *
   * @param rss MB (2^20 bytes) of pages that it has mapped and that are in memory
   * @param pss the same, where a page of several processes counts by its share
   * @param unshared MB of its own: neither a file's nor another's
   */
  record Memory(double rss, double pss, double unshared) {
    Memory plus(Memory other) {
      return new Memory(rss + other.rss, pss + other.pss, unshared + other.unshared);
    }
  }

  static Memory memory(long pid) throws IOException {
    Map<String, Long> fields = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      String[] words = line.split("\\s+", -1);
      if (words.length == 3 && words[2].equals("kB")) {
        fields.put(words[0], Long.parseLong(words[1]));
      }
    }
    return new Memory(
        fields.get("Rss:") / 1024.0,
        fields.get("Pss:") / 1024.0,
        fields.get("Private_Dirty:") / 1024.0);
  }

  /** Seconds from boot to the process's start; in steps of 10 ms. */
  static double started(long pid) throws IOException {
    return stat(pid, START);
  }

  /** Seconds of processor time that it has used; in steps of 10 ms. */
  static double processorTime(long pid) throws IOException {
    return stat(pid, USER) + stat(pid, SYSTEM);
  }

  private static double stat(long pid, int field) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    // The name may hold blanks and brackets.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[field]) / TICKS;
  }

  /**
   * What {@link System#nanoTime} is at boot. Waits for the next step of /proc/uptime, which has the
   * kernel's 10 ms too.
   */
  static long boot() throws IOException {
    double before = uptime();
    double now = before;
    while (now == before) {
      now = uptime();
    }
    return System.nanoTime() - Math.round(now * 1e9);
  }

  private static double uptime() throws IOException {
    return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0]);
  }
}
