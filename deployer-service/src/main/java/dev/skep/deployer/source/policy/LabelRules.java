package dev.skep.deployer.source.policy;

import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.source.declare.Policy;
import java.util.Arrays;
import java.util.List;

/**
 * Labels by which the suite and the Engine know what is theirs. Looked up in the file: in the
 * objects they stand beside those that the deployer itself has set.
 */
final class LabelRules {
  private static final List<String> RESERVED = List.of("dev.skep.", "com.docker.");

  private LabelRules() {}

  static void check(ComposeFile file, Policy policy, Refusals refusals) {
    for (String section : List.of("services", "networks", "volumes", "secrets", "configs")) {
      file.section(section)
          .forEach(
              (name, object) -> {
                labels(object.fieldsOf("labels"), policy, refusals, section, name, "labels");
                labels(
                    object.fieldsOf("deploy").fieldsOf("labels"),
                    policy,
                    refusals,
                    section,
                    name,
                    "deploy",
                    "labels");
              });
    }
  }

  private static void labels(Fields labels, Policy policy, Refusals refusals, String... path) {
    for (String label : labels.fields().keySet()) {
      if (RESERVED.stream().anyMatch(label::startsWith) && !policy.labels().allow(label)) {
        String[] longer = Arrays.copyOf(path, path.length + 1);
        longer[path.length] = label;
        refusals.add(
            "the label '%s' speaks to the suite or the Engine".formatted(label),
            "'labels: [%s]'".formatted(label),
            longer);
      }
    }
  }
}
