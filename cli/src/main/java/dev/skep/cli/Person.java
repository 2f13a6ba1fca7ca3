package dev.skep.cli;

import dev.skep.cli.cluster.InCluster;
import dev.skep.runtime.access.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who typed a command, {@code anna@manager-1}, as histories and the audit tell it. Whoever may run
 * the command may say anything here: it gives no right.
 */
public final class Person {
  /** Tells a command inside the cluster who typed the one outside. */
  public static final String VARIABLE = "SKEP_USER";

  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
  private static final int LONGEST = 100;

  private Person() {}

  /** Of this process; "" if nobody is known. */
  public static String current() {
    return of(System.getenv(), System.getProperty("user.name", ""), host());
  }

  /**
   * The person.
   *
   * @param user whose process it is
   * @param host on which machine
   */
  static String of(Map<String, String> env, String user, String host) {
    String told = env.getOrDefault(VARIABLE, "");
    if (!told.isBlank()) {
      return clean(told.strip());
    }
    if ("true".equals(env.get(InCluster.FLAG))) {
      // The container's user and name say nothing of who typed it.
      return "";
    }
    String behind = env.getOrDefault("SUDO_USER", "");
    String name = user.equals("root") && !behind.isBlank() ? behind : user;
    return clean(host.isBlank() ? name : name + "@" + host);
  }

  /** With {@code _} for what a person's name may not have. */
  private static String clean(String text) {
    String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    String cleaned = cut.replaceAll("[^A-Za-z0-9._@+-]", "_");
    return Caller.isPerson(cleaned) ? cleaned : "";
  }

  private static String host() {
    try {
      return Files.readString(HOST).strip();
    } catch (IOException e) {
      return System.getenv().getOrDefault("HOSTNAME", "");
    }
  }
}
