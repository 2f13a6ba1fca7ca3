package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * Templates in mounts: Swarm has each node fill them in, long after the policy was asked, so that
 * {@code {{"bind"}}} is no 'bind' here and one there.
 */
final class TemplateRules {
  private static final String OPEN = "{{";
  private static final String NAME_PART = "[a-zA-Z0-9_.-]*+";

  /** What becomes a plain id or name, and what the file has no say in but for its own names. */
  private static final Pattern NAME_WITH_PLACEHOLDERS =
      Pattern.compile(
          NAME_PART
              + "(?:\\{\\{ *+\\.(?:Node\\.(?:ID|Hostname)|Task\\.(?:ID|Slot|Name)|Service\\.(?:ID|Name))"
              + " *+}}"
              + NAME_PART
              + ")++");

  private final Names names;
  private final Refusals refusals;

  TemplateRules(Names names, Refusals refusals) {
    this.names = names;
    this.refusals = refusals;
  }

  /** Refuses a mount's templates; whether there was one to refuse. */
  boolean refuse(JsonNode mount, String service) {
    boolean refused = false;
    for (var field : mount.properties()) {
      boolean name =
          field.getKey().equals("Source") && mount.path("Type").asText().equals("volume");
      if (!(name && isOwnVolume(field.getValue().asText()))) {
        refused |= within(field.getKey(), field.getValue(), service);
      }
    }
    return refused;
  }

  private boolean within(String where, JsonNode value, String service) {
    if (value.isValueNode()) {
      return text(where, value.asText(), service);
    }
    boolean refused = false;
    for (var field : value.properties()) {
      refused |= text(where, field.getKey(), service);
      refused |= within(field.getKey(), field.getValue(), service);
    }
    if (value.isArray()) {
      for (JsonNode item : value) {
        refused |= within(where, item, service);
      }
    }
    return refused;
  }

  private boolean text(String where, String text, String service) {
    if (!text.contains(OPEN)) {
      return false;
    }
    refusals.never(
        "'%s' is a template in '%s' of a mount, which nodes fill in where no policy sees it; write"
                .formatted(text, where)
            + " what is meant, or give a volume of the stack's own a name like '%sdata_{{.Task.Slot}}'"
                .formatted(names.prefix()),
        "services",
        service,
        "volumes");
    return true;
  }

  /** Whether a volume is the stack's own, whatever its placeholders become. */
  private boolean isOwnVolume(String name) {
    int open = name.indexOf(OPEN);
    return open >= 0
        && NAME_WITH_PLACEHOLDERS.matcher(name).matches()
        && names.makes("volumes", name)
        && names.ownBefore(name.substring(0, open));
  }
}
