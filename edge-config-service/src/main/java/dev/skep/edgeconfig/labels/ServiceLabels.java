package dev.skep.edgeconfig.labels;

import java.util.List;
import java.util.Locale;

/**
 * What labels say of a load balancer.
 *
 * @param port null if it is missing or invalid
 * @param scheme {@code http} or {@code https}
 * @param problems what keeps the routes that lead to it from being served
 * @param ignored labels that are known, harmless and not honoured
 */
public record ServiceLabels(
    String name,
    Integer port,
    String scheme,
    boolean passHostHeader,
    List<LabelProblem> problems,
    List<String> ignored) {

  public ServiceLabels {
    problems = List.copyOf(problems);
    ignored = List.copyOf(ignored);
  }

  /** What to do about a missing port. */
  public static String missingPort(String name) {
    return "the port is missing: add the label traefik.http.services."
        + name
        + ".loadbalancer.server.port=PORT, with the port that the containers listen on";
  }

  static ServiceLabels read(Section s) {
    Names.check(s, "service");
    s.check(Vocabulary.SERVICE);
    Long port = s.integer("loadbalancer.server.port", 1, 65_535);
    if (!s.values.containsKey("loadbalancer.server.port")) {
      s.problem(Reason.MISSING_PORT, missingPort(s.name));
    }
    String scheme = s.text("loadbalancer.server.scheme");
    scheme = scheme == null ? "http" : scheme.toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      s.problem(
          Reason.UNSUPPORTED_OPTION,
          "%s can be http or https, not %s"
              .formatted(s.label("loadbalancer.server.scheme"), Quoted.of(scheme)));
    }
    Boolean passHost = s.flag("loadbalancer.passhostheader");
    return new ServiceLabels(
        s.name,
        port == null ? null : port.intValue(),
        scheme,
        passHost == null || passHost,
        s.problems,
        s.ignored);
  }
}
