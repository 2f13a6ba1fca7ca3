package dev.skep.edgeconfig.labels;

import java.util.List;
import java.util.TreeSet;

/**
 * What labels say of a middleware.
 *
 * @param redirectToHttps whether it is redirectScheme to https, the only one that is served
 * @param settings all its labels in one line: two services may define the same middleware as long
 *     as these are equal
 * @param problems what keeps the routes that use it from being served
 * @param ignored labels that are known, harmless and not honoured
 */
public record MiddlewareLabels(
    String name,
    boolean redirectToHttps,
    String settings,
    List<LabelProblem> problems,
    List<String> ignored) {

  private static final List<String> KNOWN =
      List.of(
          "addPrefix",
          "basicAuth",
          "buffering",
          "chain",
          "circuitBreaker",
          "compress",
          "contentType",
          "digestAuth",
          "errors",
          "forwardAuth",
          "grpcWeb",
          "headers",
          "inFlightReq",
          "ipAllowList",
          "ipWhiteList",
          "passTLSClientCert",
          "plugin",
          "rateLimit",
          "redirectRegex",
          "redirectScheme",
          "replacePath",
          "replacePathRegex",
          "retry",
          "stripPrefix",
          "stripPrefixRegex");

  public MiddlewareLabels {
    problems = List.copyOf(problems);
    ignored = List.copyOf(ignored);
  }

  static MiddlewareLabels read(Section s) {
    Names.check(s, "middleware");
    TreeSet<String> kinds = new TreeSet<>();
    for (String key : s.values.keySet()) {
      int dot = key.indexOf('.');
      kinds.add(dot < 0 ? key : key.substring(0, dot));
    }
    boolean redirect = kinds.equals(new TreeSet<>(List.of("redirectscheme")));
    if (redirect) {
      redirect(s);
    } else {
      kinds.forEach(kind -> unsupported(s, kind));
    }
    return new MiddlewareLabels(
        s.name, redirect && s.problems.isEmpty(), s.values.toString(), s.problems, s.ignored);
  }

  private static void redirect(Section s) {
    String scheme = s.text("redirectscheme.scheme");
    if (!"https".equalsIgnoreCase(scheme)) {
      s.problem(
          Reason.UNSUPPORTED_MIDDLEWARE,
          "middleware %s: redirectScheme is supported to https only; set %s.redirectscheme.scheme=https"
              .formatted(Quoted.of(s.name), s.prefix));
    }
    Boolean permanent = s.flag("redirectscheme.permanent");
    if (Boolean.FALSE.equals(permanent)) {
      s.ignored.add(s.prefix + ".redirectscheme.permanent");
    }
    Long port = s.integer("redirectscheme.port", 1, 65_535);
    if (port != null && port != 443) {
      s.problem(
          Reason.UNSUPPORTED_MIDDLEWARE,
          "middleware %s: redirectScheme to port %d is not supported, only 443"
              .formatted(Quoted.of(s.name), port));
    }
    List<String> keys =
        List.of("redirectscheme.scheme", "redirectscheme.permanent", "redirectscheme.port");
    for (String key : s.values.keySet()) {
      if (!keys.contains(key)) {
        s.problem(
            Reason.UNKNOWN_LABEL, s.label(key) + " does not exist" + Suggestion.hint(key, keys));
      }
    }
  }

  private static void unsupported(Section s, String kind) {
    for (String known : KNOWN) {
      if (known.equalsIgnoreCase(kind)) {
        s.problem(
            Reason.UNSUPPORTED_MIDDLEWARE,
            "middleware %s is a %s, which is not supported yet: the route is not served without it"
                .formatted(Quoted.of(s.name), known));
        return;
      }
    }
    s.problem(
        Reason.UNKNOWN_LABEL,
        "%s: there is no middleware of that kind%s"
            .formatted(s.label(kind), Suggestion.hint(kind, KNOWN)));
  }
}
