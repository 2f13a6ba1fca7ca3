package dev.skep.edge.traefik;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.edge.EdgeModel;
import dev.skep.edge.EntryPoint;
import dev.skep.edge.EntryPoint.Action;
import dev.skep.model.Json;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.Rule;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Traefik's dynamic configuration, for its file provider: JSON, which is YAML. The same input gives
 * the same bytes.
 *
 * <p>Empty sections are left out: Traefik rejects a whole document for one. A backend without ready
 * servers keeps its router and gets an empty list, which Traefik answers by 503.
 */
public final class TraefikRenderer {
  private static final String REDIRECT = "skep-redirect-to-https";

  private final Function<String, String> certificatePath;
  private final int publicHttpsPort;

  /**
   * A renderer for one edge.
   *
   * @param certificatePath a certificate's name to the PEM file with chain and key, as Traefik sees
   *     it
   * @param publicHttpsPort where redirects lead
   */
  public TraefikRenderer(Function<String, String> certificatePath, int publicHttpsPort) {
    this.certificatePath = certificatePath;
    this.publicHttpsPort = publicHttpsPort;
  }

  /** The document; its values must have been admitted. */
  public String render(EdgeModel model) {
    ObjectNode root = Json.mapper().createObjectNode();
    ObjectNode routers = Json.mapper().createObjectNode();
    ObjectNode services = Json.mapper().createObjectNode();
    boolean redirects = false;
    for (Route route : model.routes().values()) {
      for (EntryPoint entryPoint : EntryPoint.values()) {
        Action action = entryPoint.action(route);
        if (action == Action.NOTHING) {
          continue;
        }
        redirects |= action == Action.REDIRECT;
        routers.set(route.id() + "-" + entryPoint.label(), router(route, entryPoint, action));
        Backend backend = model.backends().get(route.backend());
        services.set(route.backend(), service(backend));
      }
    }
    ObjectNode http = Json.mapper().createObjectNode();
    put(http, "routers", routers);
    put(http, "services", services);
    if (redirects) {
      http.set("middlewares", Json.mapper().createObjectNode().set(REDIRECT, redirect()));
    }
    put(root, "http", http);
    String renewals = "";
    ArrayNode certificates = Json.mapper().createArrayNode();
    for (String name : model.certificates().keySet()) {
      String path = certificatePath.apply(name);
      certificates.addObject().put("certFile", path).put("keyFile", path);
    }
    if (!certificates.isEmpty()) {
      // Traefik watches this file alone: a certificate that was renewed in place must change it.
      renewals = "# certificates %08x\n".formatted(model.certificates().hashCode());
      root.set("tls", Json.mapper().createObjectNode().set("certificates", certificates));
    }
    return renewals + write(root);
  }

  private static ObjectNode router(Route route, EntryPoint entryPoint, Action action) {
    ObjectNode router = Json.mapper().createObjectNode();
    router.putArray("entryPoints").add(entryPoint.label());
    router.put("rule", rule(route.rule()));
    // 0 would mean: by the rule's length.
    if (route.priority() != 0) {
      router.put("priority", route.priority());
    }
    router.put("service", route.backend());
    if (action == Action.REDIRECT) {
      router.putArray("middlewares").add(REDIRECT);
    }
    if (entryPoint == EntryPoint.WEBSECURE) {
      // An empty object is what turns TLS on.
      router.putObject("tls");
    }
    return router;
  }

  private static ObjectNode service(Backend backend) {
    ObjectNode balancer = Json.mapper().createObjectNode();
    ArrayNode servers = balancer.putArray("servers");
    if (backend != null) {
      for (Backend.Server server : backend.servers()) {
        if (server.state() == Backend.State.READY) {
          servers.addObject().put("url", url(backend.scheme(), server));
        }
      }
      if (!backend.passHostHeader()) {
        balancer.put("passHostHeader", false);
      }
    }
    ObjectNode service = Json.mapper().createObjectNode();
    service.set("loadBalancer", balancer);
    return service;
  }

  private ObjectNode redirect() {
    ObjectNode scheme = Json.mapper().createObjectNode();
    scheme.put("scheme", "https");
    scheme.put("permanent", true);
    if (publicHttpsPort != 443) {
      scheme.put("port", Integer.toString(publicHttpsPort));
    }
    ObjectNode middleware = Json.mapper().createObjectNode();
    middleware.set("redirectScheme", scheme);
    return middleware;
  }

  private static String url(String scheme, Backend.Server server) {
    String host = server.address();
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return ("https".equals(scheme) ? "https" : "http") + "://" + bracketed + ":" + server.port();
  }

  private static String rule(Rule rule) {
    return switch (rule) {
      case Rule.Host(String name) -> "Host(" + quoted(name) + ")";
      case Rule.PathPrefix(String prefix) -> "PathPrefix(" + quoted(prefix) + ")";
      case Rule.And(List<Rule> rules) -> joined(rules, " && ");
      case Rule.Or(List<Rule> rules) -> joined(rules, " || ");
    };
  }

  private static String joined(List<Rule> rules, String operator) {
    return rules.stream()
        .map(TraefikRenderer::rule)
        .collect(Collectors.joining(operator, "(", ")"));
  }

  private static String quoted(String value) {
    if (value.indexOf('`') >= 0) {
      throw new IllegalArgumentException("a rule's value must not hold a backtick");
    }
    return "`" + value + "`";
  }

  private static void put(ObjectNode parent, String name, ObjectNode child) {
    if (!child.isEmpty()) {
      parent.set(name, child);
    }
  }

  private static String write(ObjectNode root) {
    try {
      String text =
          Json.mapper().writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(root);
      // Traefik runs the file through Go's templates first: no value may start an action. Indented
      // JSON has two braces in a row only within strings.
      return text.replace("{{", "{\\u007b") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }
}
