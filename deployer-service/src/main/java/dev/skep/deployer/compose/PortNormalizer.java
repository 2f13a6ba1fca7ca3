package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Brings a service's ports to their long form. */
final class PortNormalizer {
  private final Problems problems;
  private final Forms forms;

  PortNormalizer(Problems problems) {
    this.problems = problems;
    this.forms = new Forms(problems);
  }

  Value longForms(Value value) {
    List<Value> ports = new ArrayList<>();
    for (Value item : ((Items) value).items()) {
      if (item instanceof Fields fields) {
        ports.add(longPort(fields));
        continue;
      }
      try {
        for (PortSpec port : PortSpec.parse(((Scalar) item).text())) {
          if (port.hasAddress()) {
            problems.warn(
                item.mark(),
                "Swarm publishes a port on all addresses: the address before it is ignored");
          }
          ports.add(
              forms.mapping(
                  item.mark(),
                  "target",
                  (long) port.target(),
                  "published",
                  port.published() == 0 ? null : (Object) (long) port.published(),
                  "protocol",
                  port.protocol(),
                  "mode",
                  "ingress"));
        }
      } catch (IllegalArgumentException e) {
        problems.error(item.mark(), "ports: " + e.getMessage());
      }
    }
    return new Items(ports, value.mark());
  }

  private Fields longPort(Fields given) {
    for (String key : List.of("name", "app_protocol")) {
      if (given.has(key)) {
        problems.warn(given.markOf(key), "ports: '" + key + "' has no meaning in Swarm: ignored");
      }
    }
    if (given.has("host_ip")) {
      problems.warn(
          given.markOf("host_ip"),
          "ports: Swarm publishes a port on all addresses: 'host_ip' is ignored");
    }
    Fields port = forms.change(given, "published", this::publishedPort);
    for (String key : List.of("target", "published")) {
      Long number = port.number(key);
      if (number != null && (number < 0 || number > 65535)) {
        problems.error(port.get(key).mark(), "ports: '" + key + "' must be between 0 and 65535");
      }
    }
    if (port.number("target") == null) {
      problems.error(port.mark(), "ports: 'target' is missing, the port in the container");
    }
    // The Engine takes TCP for tcp; it answers in small letters.
    for (String key : List.of("mode", "protocol")) {
      port = forms.change(port, key, PortNormalizer::small);
    }
    forms.oneOf(port, "mode", "ingress", "host");
    forms.oneOf(port, "protocol", "tcp", "udp", "sctp");
    return port;
  }

  private static Value small(Value value) {
    return new Scalar(((Scalar) value).text().toLowerCase(Locale.ROOT), value.mark());
  }

  /** docker compose config writes the number as a string. */
  private Value publishedPort(Value value) {
    if (value instanceof Scalar(String text, Mark mark)) {
      if (text.matches("[0-9]{1,5}")) {
        return new Scalar(Long.valueOf(text), mark);
      }
      problems.error(
          mark,
          "ports: 'published' must be one port, not '%s'; write a range in the short form"
              .formatted(text));
      return new Scalar(null, mark);
    }
    return value;
  }
}
