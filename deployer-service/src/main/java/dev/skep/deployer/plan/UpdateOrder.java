package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In which order a stack's services are made, by the label {@value #LABEL} on the service: {@code
 * last} waits for those without it, {@code last-2} for these as well, and so on to {@code last-9};
 * {@code manual} is left alone once it exists, and the deployer's own service comes after all
 * others, because its update ends the process that makes it. {@link Waves} is made of it.
 */
public final class UpdateOrder {
  public static final String LABEL = "dev.skep.update";

  private static final Pattern LAST = Pattern.compile("last(?:-([2-9]))?");

  private UpdateOrder() {}

  /** Whether a service that exists is left alone unless it is asked for. */
  public static boolean held(JsonNode spec) {
    return says(spec, "manual");
  }

  /** Whether a label's value is one that is followed, or none. */
  static boolean isKnown(String value) {
    return value.isEmpty() || value.equals("manual") || LAST.matcher(value).matches();
  }

  /** 0 for what is made first, 1 for {@code last}, n for {@code last-n}. */
  static int rank(JsonNode spec) {
    Matcher last = LAST.matcher(spec.path("Labels").path(LABEL).asText());
    if (!last.matches()) {
      return 0;
    }
    return last.group(1) == null ? 1 : Integer.parseInt(last.group(1));
  }

  private static boolean says(JsonNode spec, String value) {
    return spec.path("Labels").path(LABEL).asText().equals(value);
  }
}
