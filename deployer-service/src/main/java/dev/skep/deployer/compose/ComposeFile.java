package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stack's files, read, checked, merged and brought to long forms.
 *
 * @param root sections services, networks, volumes, secrets, configs; each may be missing
 * @param warnings what was ignored, or read otherwise than it may be meant
 */
public record ComposeFile(Fields root, List<ComposeProblem> warnings) {
  public ComposeFile {
    warnings = List.copyOf(warnings);
  }

  /** The services by name, sorted. */
  public Map<String, Fields> services() {
    return section("services");
  }

  /** What a service names under {@code depends_on}; none if there is no such service. */
  public List<Dependency> dependencies(String service) {
    return Dependencies.of(root.fieldsOf("services").fieldsOf(service));
  }

  /** The top-level objects of a section by name, sorted. One without a body is an empty mapping. */
  public Map<String, Fields> section(String section) {
    Map<String, Fields> result = new TreeMap<>();
    Fields fields = root.fieldsOf(section);
    fields.fields().keySet().forEach(name -> result.put(name, fields.fieldsOf(name)));
    return result;
  }

  /** A top-level secret's or config's content, base64, or null for an external one. */
  public static String data(Fields object) {
    return object.has(ObjectNormalizer.DATA) ? object.text(ObjectNormalizer.DATA) : null;
  }

  /** Values may be secret. */
  @Override
  public String toString() {
    return "ComposeFile" + services().keySet();
  }
}
