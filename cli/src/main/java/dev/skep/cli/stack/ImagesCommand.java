package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the services that follow their images. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = {
      "List the services that follow their images' registry, and what it has for them.",
      "What is wrong stands below the table."
    })
final class ImagesCommand extends Listing {
  private static final String DIGEST = "@sha256:";
  private static final int SHORT_DIGEST = 12;

  @Override
  String path() {
    return "/api/images";
  }

  @Override
  List<String> table(JsonNode answer) {
    return lines(answer);
  }

  /** A headline, a line for each service, and what is wrong. */
  static List<String> lines(JsonNode answer) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("SERVICE", "FOLLOWS", "STATE", "IMAGE", "NEWEST"));
    List<String> problems = new ArrayList<>();
    for (JsonNode image : answer.path("images")) {
      String service = cell(image.path("service"));
      String runs = cell(image.path("image"));
      String newest = cell(image.path("newest"));
      table.add(
          List.of(
              service,
              cell(image.path("policy")),
              cell(image.path("state")),
              brief(runs),
              newest.equals(runs) ? "the same" : brief(newest)));
      String error = image.path("error").asText();
      if (!error.isEmpty()) {
        problems.add(service + ": " + error);
      }
    }
    answer
        .path("strays")
        .forEach(
            s -> problems.add(s.asText() + ": is of no stack of the deployer; it is left alone"));
    List<String> lines = new ArrayList<>(TaskTable.aligned(table));
    lines.addAll(problems);
    return lines;
  }

  /** With as much of the digest as tells two apart. */
  private static String brief(String image) {
    int digest = image.indexOf(DIGEST);
    int end = digest + DIGEST.length() + SHORT_DIGEST;
    return digest < 0 || end >= image.length() ? image : image.substring(0, end);
  }
}
