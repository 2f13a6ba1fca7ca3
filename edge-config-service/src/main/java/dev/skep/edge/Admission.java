package dev.skep.edge;

import dev.skep.edge.EdgeModel.CertificateRef;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus.Refusal;
import dev.skep.model.edge.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Decides what of a model may become configuration. Values were validated where labels were read;
 * what an edge is asked to serve is checked again here, because one value that breaks a
 * configuration would hold back every change of every service.
 *
 * @param model what is admitted
 * @param refused what is left out, and why; sorted by key
 */
public record Admission(EdgeModel model, List<Refusal> refused) {
  private static final Pattern HOST = Pattern.compile("[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?");
  private static final Pattern PREFIX = Pattern.compile("/[A-Za-z0-9._~!$&()*+,;=:@/%-]{0,1023}");
  private static final Pattern ID = Pattern.compile("[!-~]{1,200}");
  private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{20,100}");

  public Admission {
    refused = List.copyOf(refused);
  }

  /**
   * Checks every entry on its own.
   *
   * @param before what a proxy refused, by key
   */
  public static Admission of(EdgeModel wanted, Map<String, Refused> before) {
    List<Refusal> refused = new ArrayList<>();
    SortedMap<String, Route> routes =
        filter(wanted.routes(), Route::key, Admission::problem, before, refused);
    SortedMap<String, Backend> backends =
        filter(wanted.backends(), Backend::key, Admission::problem, before, refused);
    SortedMap<String, CertificateRef> certificates =
        filter(
            wanted.certificates(),
            c -> "certificate/" + c.name(),
            Admission::problem,
            before,
            refused);
    var issuers = new TreeMap<>(wanted.issuers());
    issuers
        .values()
        .removeIf(i -> i.thumbprint() != null && !THUMBPRINT.matcher(i.thumbprint()).matches());
    return new Admission(new EdgeModel(routes, backends, certificates, issuers), refused);
  }

  private static <V> SortedMap<String, V> filter(
      SortedMap<String, V> values,
      Function<V, String> key,
      Function<V, Optional<String>> check,
      Map<String, Refused> before,
      List<Refusal> refused) {
    SortedMap<String, V> kept = new TreeMap<>();
    values.forEach(
        (id, value) -> {
          String k = key.apply(value);
          Refused earlier = before.get(k);
          Optional<String> problem =
              earlier != null && earlier.content().equals(value)
                  ? Optional.of(earlier.reason())
                  : check.apply(value);
          problem.ifPresentOrElse(
              reason -> refused.add(new Refusal(k, reason)), () -> kept.put(id, value));
        });
    return kept;
  }

  private static Optional<String> problem(Route route) {
    if (!route.accepted() || route.rule() == null) {
      return Optional.empty();
    }
    if (!ID.matcher(route.id()).matches() || !ID.matcher(route.backend()).matches()) {
      return Optional.of("the name of the router or of its service holds unusable characters");
    }
    try {
      for (RouteMatch match : RouteMatch.of(route.rule())) {
        if (match.host() != null && !HOST.matcher(match.host()).matches()) {
          return Optional.of("the host " + shown(match.host()) + " is not a host name");
        }
        if (!PREFIX.matcher(match.prefix()).matches()) {
          return Optional.of("the path " + shown(match.prefix()) + " holds unusable characters");
        }
      }
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<String> problem(Backend backend) {
    if (!ID.matcher(backend.id()).matches()) {
      return Optional.of("the name of the service holds unusable characters");
    }
    if (!List.of("http", "https").contains(backend.scheme())) {
      return Optional.of("the scheme " + shown(backend.scheme()) + " is not http or https");
    }
    for (Backend.Server server : backend.servers()) {
      if (!ID.matcher(server.id()).matches()) {
        return Optional.of("a server's id holds unusable characters");
      }
      if (!literal(server.address())) {
        return Optional.of(
            "server " + server.id() + " has " + shown(server.address()) + " for an IP address");
      }
      if (server.port() < 1 || server.port() > 65535) {
        return Optional.of("server " + server.id() + " has the port " + server.port());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(CertificateRef certificate) {
    return ID.matcher(certificate.name()).matches()
        ? Optional.empty()
        : Optional.of("the certificate's name holds unusable characters");
  }

  private static boolean literal(String address) {
    if (address == null || address.indexOf('%') >= 0) {
      return false;
    }
    try {
      // Parses; looks nothing up.
      return InetAddress.ofLiteral(address).getHostAddress() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String shown(String value) {
    String printable = String.valueOf(value).replaceAll("[^ -~]", "?");
    return "'" + printable.substring(0, Math.min(printable.length(), 100)) + "'";
  }
}
