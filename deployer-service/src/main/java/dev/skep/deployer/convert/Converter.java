package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.compose.Dependency;
import dev.skep.deployer.compose.Value;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns a compose file into the bodies that {@code docker stack deploy} sends for it. */
public final class Converter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Comparator<ObjectNode> BY_NAME =
      Comparator.comparing(o -> o.path("Name").asText());

  private final ComposeFile file;
  private final Namespace namespace;

  private Converter(ComposeFile file, Namespace namespace) {
    this.file = file;
    this.namespace = namespace;
  }

  /**
   * The stack's objects.
   *
   * @throws IllegalArgumentException if the name is none for a stack
   */
  public static StackObjects convert(ComposeFile file, String stack) {
    return new Converter(file, new Namespace(stack)).convert();
  }

  private StackObjects convert() {
    ServiceConverter services = new ServiceConverter(file, namespace);
    return new StackObjects(
        sorted(networks()),
        sorted(files("secrets")),
        sorted(files("configs")),
        sorted(
            file.services().entrySet().stream()
                .map(e -> services.convert(e.getKey(), e.getValue()))
                .toList()),
        dependencies());
  }

  /** Those of services that the stack has: others are not required, or were told. */
  private Map<String, List<Dependency>> dependencies() {
    Map<String, List<Dependency>> result = new TreeMap<>();
    for (String name : file.services().keySet()) {
      List<Dependency> some =
          file.dependencies(name).stream()
              .filter(d -> file.services().containsKey(d.service()))
              .map(d -> new Dependency(namespace.scope(d.service()), d.condition(), d.required()))
              .toList();
      if (!some.isEmpty()) {
        result.put(namespace.scope(name), some);
      }
    }
    return result;
  }

  private static List<ObjectNode> sorted(List<ObjectNode> objects) {
    return objects.stream().sorted(BY_NAME).toList();
  }

  /** Those that a service uses; "default" for services that name none. */
  private List<ObjectNode> networks() {
    Map<String, Fields> declared = file.section("networks");
    Set<String> used = new TreeSet<>();
    for (Fields service : file.services().values()) {
      Set<String> names = service.fieldsOf("networks").fields().keySet();
      used.addAll(names.isEmpty() ? Set.of("default") : names);
    }
    List<ObjectNode> result = new ArrayList<>();
    for (String name : used) {
      Fields network = declared.getOrDefault(name, ServiceConverter.NOTHING);
      if (!Boolean.TRUE.equals(network.flag("external"))) {
        result.add(network(name, network));
      }
    }
    return result;
  }

  private ObjectNode network(String name, Fields network) {
    String driver = network.text("driver");
    ObjectNode body = JSON.objectNode();
    body.put("Name", namespace.nameOf(name, network));
    body.put("Driver", driver.isEmpty() ? "overlay" : driver);
    body.put("Scope", "");
    body.set("IPAM", ipam(network.fieldsOf("ipam")));
    body.put("Internal", Boolean.TRUE.equals(network.flag("internal")));
    body.put("Attachable", Boolean.TRUE.equals(network.flag("attachable")));
    body.put("Ingress", false);
    body.put("ConfigOnly", false);
    body.set("ConfigFrom", JSON.nullNode());
    body.set("Options", JSON.nullNode());
    if (network.get("driver_opts") instanceof Fields options) {
      ObjectNode texts = body.putObject("Options");
      options.fields().forEach((key, f) -> texts.put(key, ((Scalar) f.value()).text()));
    }
    body.set("Labels", namespace.labels(network.fieldsOf("labels")));
    return body;
  }

  private static JsonNode ipam(Fields ipam) {
    List<Value> config = ipam.itemsOf("config");
    if (ipam.text("driver").isEmpty() && config.isEmpty()) {
      return JSON.nullNode();
    }
    ObjectNode body = JSON.objectNode().put("Driver", ipam.text("driver"));
    body.set("Options", JSON.nullNode());
    if (config.isEmpty()) {
      body.set("Config", JSON.nullNode());
    } else {
      for (Value entry : config) {
        body.withArray("Config")
            .add(new Body().text("Subnet", ((Fields) entry).text("subnet")).done());
      }
    }
    return body;
  }

  private List<ObjectNode> files(String section) {
    List<ObjectNode> result = new ArrayList<>();
    file.section(section)
        .forEach(
            (name, object) -> {
              if (!Boolean.TRUE.equals(object.flag("external"))) {
                result.add(fileObject(name, object));
              }
            });
    return result;
  }

  private ObjectNode fileObject(String name, Fields object) {
    Body body =
        new Body()
            .text("Name", namespace.nameOf(name, object))
            .set("Labels", namespace.labels(object.fieldsOf("labels")));
    String data = ComposeFile.data(object);
    if (data != null) {
      body.text("Data", data);
    }
    if (!object.text("driver").isEmpty()) {
      body.set(
          "Driver",
          new Body()
              .text("Name", object.text("driver"))
              .map("Options", object.fieldsOf("driver_opts"))
              .done());
    }
    if (!object.text("template_driver").isEmpty()) {
      body.set("Templating", new Body().text("Name", object.text("template_driver")).done());
    }
    return body.done();
  }
}
