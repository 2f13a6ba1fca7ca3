package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Lists the services that run by the clock. */
@Command(
    name = "schedules",
    mixinStandardHelpOptions = true,
    description = {
      "List the services that run by the clock: when next, and what came of the last run.",
      "What is wrong stands below the table."
    })
final class SchedulesCommand extends Listing {
  @Override
  String path() {
    return "/api/schedules";
  }

  @Override
  List<String> table(JsonNode answer) {
    return lines(answer);
  }

  /** A headline, a line for each service, and what is wrong. */
  static List<String> lines(JsonNode answer) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("SERVICE", "SCHEDULE", "TIMEZONE", "NEXT", "LAST RUN", "CAME OF IT"));
    List<String> problems = new ArrayList<>();
    for (JsonNode schedule : answer.path("schedules")) {
      String service = cell(schedule.path("service"));
      JsonNode last = schedule.path("last");
      table.add(
          List.of(
              service,
              cell(schedule.path("schedule")),
              cell(schedule.path("timezone")),
              next(schedule),
              cell(last.path("scheduled")),
              cell(last.path("result")).toLowerCase(Locale.ROOT)));
      schedule.path("problems").forEach(p -> problems.add(service + ": " + p.asText()));
      told(service, last, problems);
      told(service, schedule.path("leftOut"), problems);
    }
    List<String> lines = new ArrayList<>(TaskTable.aligned(table));
    lines.addAll(problems);
    return lines;
  }

  private static String next(JsonNode schedule) {
    boolean off = schedule.path("problems").isEmpty() && !schedule.path("enabled").asBoolean();
    return off ? "off" : cell(schedule.path("next"));
  }

  private static void told(String service, JsonNode run, List<String> problems) {
    String message = run.path("message").asText();
    if (!message.isEmpty()) {
      problems.add(
          "%s at %s: %s: %s"
              .formatted(
                  service,
                  run.path("scheduled").asText(),
                  run.path("result").asText().toLowerCase(Locale.ROOT),
                  message));
    }
  }
}
