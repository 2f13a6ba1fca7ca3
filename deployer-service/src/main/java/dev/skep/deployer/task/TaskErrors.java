package dev.skep.deployer.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Swarm says of a task, in plain words. What is not known here is told as Swarm says it. */
public final class TaskErrors {
  private static final Pattern EXIT =
      Pattern.compile("task: non-zero exit \\((?<code>\\d+)\\)(: (?<cause>.*))?");
  private static final Pattern NOWHERE = Pattern.compile("no suitable node(?: \\((?<why>.*)\\))?");
  private static final Pattern NODES = Pattern.compile("(?<what>.*?) on (?<nodes>\\d+ nodes?)");
  private static final Pattern NOT_AVAILABLE =
      Pattern.compile("(?<nodes>\\d+ nodes?) not available for new tasks");
  private static final String NO_IMAGE = "No such image: ";
  private static final String UNHEALTHY = "unhealthy container";

  /** The scheduler's filters; {@code %s} is how many nodes each left out. */
  private static final Map<String, String> FILTERS =
      Map.of(
          "scheduling constraints not satisfied",
          "the placement constraints leave out %s",
          "insufficient resources",
          "too little CPU, memory or other resources left to reserve on %s",
          "missing plugin",
          "no plugin for its network, volume or log on %s",
          "unsupported platform",
          "the image is not made for the platform of %s",
          "host-mode port already in use",
          "its host-mode port is taken on %s");

  /** Signals that end containers, by exit code less 128. */
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          2, "SIGINT",
          6, "SIGABRT",
          9, "SIGKILL: often for want of memory, or because it did not stop in time",
          11, "SIGSEGV",
          15, "SIGTERM");

  private static final int FIRST_SIGNAL = 128;

  private TaskErrors() {}

  /**
   * What went wrong with a task.
   *
   * @param status the task's Status
   * @return one line; "" if nothing did
   */
  public static String of(JsonNode status) {
    String error = status.path("Err").asText("");
    // What was told to end has an exit code, too, and it says nothing.
    boolean failed = status.path("State").asText().equals("failed");
    return inWords(error, failed ? exitCode(status) : 0);
  }

  /** The exit code of a task's container; 0 if it did not end, or there is none. */
  public static int exitCode(JsonNode status) {
    return status.path("ContainerStatus").path("ExitCode").asInt();
  }

  /**
   * Swarm's words in plain ones.
   *
   * @param error as Swarm says it; "" for none
   * @param exitCode of the container, which is added where the words do not have it; 0 for none
   */
  public static String inWords(String error, int exitCode) {
    // What the container's runtime says may quote what a terminal would obey.
    String line = error.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    Matcher exit = EXIT.matcher(line);
    if (exit.matches()) {
      return exited(Integer.parseInt(exit.group("code")), exit.group("cause"));
    }
    Matcher nowhere = NOWHERE.matcher(line);
    if (nowhere.matches()) {
      return nowhere(nowhere.group("why"));
    }
    if (line.startsWith(NO_IMAGE)) {
      String image = line.substring(NO_IMAGE.length());
      return "the node does not have the image %s and could not pull it".formatted(image);
    }
    if (exitCode == 0 || line.contains("exit code " + exitCode)) {
      return line;
    }
    String code = exited(exitCode, null);
    return line.isEmpty() ? code : line + " (" + code + ")";
  }

  private static String exited(int code, String cause) {
    String text = "exit code " + code;
    String signal = SIGNALS.get(code - FIRST_SIGNAL);
    if (cause != null && cause.contains(UNHEALTHY)) {
      return text + ": its health check failed";
    }
    if (cause != null) {
      return text + ": " + cause;
    }
    return signal == null ? text : text + " (" + signal + ")";
  }

  private static String nowhere(String why) {
    if (why == null) {
      return "no node can take it";
    }
    List<String> reasons = new ArrayList<>();
    for (String reason : why.split("; ", -1)) {
      reasons.add(reason(reason));
    }
    return "no node can take it: " + String.join("; ", reasons);
  }

  private static String reason(String reason) {
    Matcher unavailable = NOT_AVAILABLE.matcher(reason);
    if (unavailable.matches()) {
      return unavailable.group("nodes") + " down, paused or drained";
    }
    if (reason.startsWith("max replicas per node limit")) {
      return "each node has as many of its tasks as max_replicas_per_node allows";
    }
    Matcher nodes = NODES.matcher(reason);
    String words = nodes.matches() ? FILTERS.get(nodes.group("what")) : null;
    return words == null ? reason : words.formatted(nodes.group("nodes"));
  }
}
