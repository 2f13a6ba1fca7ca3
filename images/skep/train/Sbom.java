package dev.skep.images.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes an image's {@code sbom.json} (CycloneDX 1.6): the jars of its class path as Maven resolved
 * them, the packages of the distribution, and the Java runtime.
 */
final class Sbom {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Sbom() {}

  /**
   * For one image.
   *
   * @param dir holds {@code sbom.json} of all jars, {@code packages} of the images' base and {@code
   *     packages.edge} of the edge agent's, and {@code services/NAME}
   */
  static void write(Path dir, String name) throws IOException {
    Path home = dir.resolve("services").resolve(name);
    ObjectNode bom = (ObjectNode) JSON.readTree(dir.resolve("sbom.json").toFile());
    JsonNode cli = bom.path("metadata").path("component");
    Set<String> jars = classPath(home.resolve("java.args"));
    ArrayNode components = JSON.createArrayNode();
    Set<String> kept = new HashSet<>();
    Stream.concat(Stream.of(cli), bom.path("components").valueStream())
        .filter(c -> jars.remove(jar(c)))
        .forEach(
            c -> {
              kept.add(c.path("bom-ref").asText());
              components.add(described(c));
            });
    if (!jars.isEmpty()) {
      throw new IOException(name + " has jars that its list of parts does not know: " + jars);
    }
    Path packages = dir.resolve(name.equals("edge-agent") ? "packages.edge" : "packages");
    for (String line : Files.readAllLines(packages)) {
      components.add(debian(line.split(" ", -1)));
    }
    components.add(runtime());
    ObjectNode image = ((ObjectNode) bom.path("metadata")).putObject("component");
    image.put("type", "container").put("bom-ref", "image").put("name", name);
    image.putArray("licenses").addObject().putObject("license").put("id", "Apache-2.0");
    bom.remove("serialNumber");
    bom.set("components", components);
    bom.set("dependencies", dependencies(bom.path("dependencies"), kept));
    JSON.writerWithDefaultPrettyPrinter().writeValue(home.resolve("sbom.json").toFile(), bom);
  }

  private static Set<String> classPath(Path arguments) throws IOException {
    List<String> lines = Files.readAllLines(arguments);
    String path = lines.get(lines.indexOf("-cp") + 1);
    return Stream.of(path.split(":", -1))
        .map(p -> Path.of(p).getFileName().toString())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static String jar(JsonNode component) {
    return component.path("name").asText() + "-" + component.path("version").asText() + ".jar";
  }

  private static JsonNode described(JsonNode component) {
    ObjectNode copy = component.deepCopy();
    if (copy.path("name").asText().equals("picocli")) {
      // Its hashes are those of the jar before.
      copy.putObject("pedigree")
          .put("notes", "class files rewritten to version 69, with stack maps; no code changed");
    }
    return copy;
  }

  private static ObjectNode debian(String[] nameVersionArchitecture) {
    String name = nameVersionArchitecture[0];
    String version = nameVersionArchitecture[1];
    String purl =
        "pkg:deb/debian/%s@%s?arch=%s"
            .formatted(
                name.replace("+", "%2B"),
                version.replace("+", "%2B").replace("~", "%7E").replace(":", "%3A"),
                nameVersionArchitecture[2]);
    return JSON.createObjectNode()
        .put("type", "library")
        .put("bom-ref", purl)
        .put("name", name)
        .put("version", version)
        .put("purl", purl);
  }

  /** This program runs on the very runtime that the images hold. */
  private static ObjectNode runtime() {
    String version = Runtime.version().toString();
    String purl = "pkg:generic/openjdk@" + version.replace("+", "%2B");
    return JSON.createObjectNode()
        .put("type", "platform")
        .put("bom-ref", purl)
        .put("name", "openjdk")
        .put("publisher", System.getProperty("java.vendor"))
        .put("version", version)
        .put("purl", purl);
  }

  private static ArrayNode dependencies(JsonNode all, Set<String> kept) {
    ArrayNode result = JSON.createArrayNode();
    for (JsonNode one : all) {
      if (!kept.contains(one.path("ref").asText())) {
        continue;
      }
      ObjectNode copy = JSON.createObjectNode().put("ref", one.path("ref").asText());
      ArrayNode on = copy.putArray("dependsOn");
      one.path("dependsOn").valueStream().filter(d -> kept.contains(d.asText())).forEach(on::add);
      result.add(copy);
    }
    return result;
  }
}
