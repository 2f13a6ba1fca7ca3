package dev.skep.edgeconfig.labels;

import dev.skep.model.edge.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What labels say of a router.
 *
 * @param rule null: the default rule
 * @param entryPoints as written; empty: the default ones
 * @param priority null: the rule's length
 * @param service the load balancer's name; null: the only one
 * @param tls null: without
 * @param middlewares as written, in order
 * @param problems what keeps it from being served
 * @param ignored labels that are known, harmless and not honoured
 */
public record RouterLabels(
    String name,
    String rule,
    List<String> entryPoints,
    Long priority,
    String service,
    Route.Tls tls,
    List<String> middlewares,
    List<LabelProblem> problems,
    List<String> ignored) {

  private static final Pattern DOMAIN =
      Pattern.compile("tls\\.domains\\[(\\d{1,3})]\\.(main|sans)");
  // Traefik keeps the thousand above for itself.
  private static final long MAX_PRIORITY = Long.MAX_VALUE - 1000;

  public RouterLabels {
    entryPoints = List.copyOf(entryPoints);
    middlewares = List.copyOf(middlewares);
    problems = List.copyOf(problems);
    ignored = List.copyOf(ignored);
  }

  /** A router that no label speaks of. */
  static RouterLabels unlabelled(String name) {
    return new RouterLabels(
        name, null, List.of(), null, null, null, List.of(), List.of(), List.of());
  }

  static RouterLabels read(Section s) {
    Names.check(s, "router");
    s.check(Vocabulary.ROUTER);
    String syntax = s.text("rulesyntax");
    if (syntax != null && !syntax.equals("v3") && !syntax.equals("default")) {
      s.problem(
          Reason.UNSUPPORTED_OPTION,
          s.label("ruleSyntax") + " can only be v3: rewrite the rule and remove the label");
    }
    Long priority = s.integer("priority", -MAX_PRIORITY, MAX_PRIORITY);
    Route.Tls tls = tls(s);
    return new RouterLabels(
        s.name,
        s.text("rule"),
        s.list("entrypoints"),
        // Zero is Traefik's word for "not set".
        priority == null || priority == 0 ? null : priority,
        s.text("service"),
        tls,
        s.list("middlewares"),
        s.problems,
        s.ignored);
  }

  private static Route.Tls tls(Section s) {
    Boolean flag = s.flag("tls");
    String resolver = s.text("tls.certresolver");
    boolean below = s.values.keySet().stream().anyMatch(k -> k.startsWith("tls."));
    if (Boolean.FALSE.equals(flag) && below) {
      s.problem(
          Reason.INVALID_LABEL,
          s.label("tls") + " is false, but there are labels below it: remove one or the other");
    }
    if (resolver != null && !Names.VALID.matcher(resolver).matches()) {
      s.problem(
          Reason.INVALID_NAME,
          "%s is %s: names have letters, digits, - and _"
              .formatted(s.label("tls.certResolver"), Quoted.of(resolver)));
    }
    List<String> domains = domains(s);
    return Boolean.TRUE.equals(flag) || (flag == null && below)
        ? new Route.Tls(resolver, domains)
        : null;
  }

  private static List<String> domains(Section s) {
    Map<Integer, List<String>> byIndex = new TreeMap<>();
    for (String key : s.values.keySet()) {
      if (!key.startsWith("tls.domains[")) {
        continue;
      }
      Matcher m = DOMAIN.matcher(key);
      if (!m.matches()) {
        s.problem(
            Reason.UNKNOWN_LABEL,
            s.label(key) + " does not exist; write tls.domains[0].main or tls.domains[0].sans");
        continue;
      }
      List<String> names =
          byIndex.computeIfAbsent(Integer.valueOf(m.group(1)), i -> new ArrayList<>());
      for (String name : s.list(key)) {
        try {
          String valid = HostName.certificateName(name);
          // The sorted keys bring main before sans.
          if (byIndex.values().stream().noneMatch(l -> l.contains(valid))) {
            names.add(valid);
          }
        } catch (LabelException e) {
          s.problem(e.problem().reason(), s.label(key) + ": " + e.problem().message());
        }
      }
    }
    return byIndex.values().stream().flatMap(List::stream).toList();
  }
}
