package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.LabelException;
import dev.skep.edgeconfig.labels.LabelProblem;
import dev.skep.edgeconfig.labels.Names;
import dev.skep.edgeconfig.labels.Reason;
import dev.skep.edgeconfig.labels.RouterLabels;
import dev.skep.edgeconfig.labels.RuleParser;
import dev.skep.edgeconfig.labels.ServiceLabels;
import dev.skep.edgeconfig.labels.TraefikLabels;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Compiles one service's labels and tasks. The cost is that service's alone. */
public final class ServiceCompiler {
  private final RoutingOptions options;

  public ServiceCompiler(RoutingOptions options) {
    this.options = options;
  }

  /**
   * What the service asks of the edges.
   *
   * @param tasks the service's own
   * @param network by id; null for an unknown one
   * @param previous backends by id until now; null for an unknown one
   */
  public ServiceRoutes compile(
      Service service,
      Collection<Task> tasks,
      Function<String, Network> network,
      Function<String, Backend> previous) {
    if (!TraefikLabels.present(service.labels())) {
      return ServiceRoutes.none(service.id(), service.name());
    }
    TraefikLabels labels = TraefikLabels.read(service.labels());
    boolean enabled = labels.enable() == null ? options.exposedByDefault() : labels.enable();
    if (!enabled) {
      // Labels of a service that is not enabled are nobody's business, but for a misspelt enable.
      List<LabelProblem> problems =
          labels.enable() == null
              ? labels.problems().stream()
                  .filter(p -> p.message().contains("traefik.enable"))
                  .toList()
              : List.of();
      return new ServiceRoutes(
          service.id(), service.name(), List.of(), List.of(), List.of(), List.of(), problems);
    }
    if (service.job()) {
      return ServiceRoutes.refused(
          service.id(),
          service.name(),
          new LabelProblem(
              Reason.JOB_NOT_ROUTED,
              "the service is a job, whose tasks end by design: remove traefik.enable, or make it"
                  + " a replicated or global service"));
    }
    EdgeNetwork edge = EdgeNetwork.of(service, labels.network(), options.edgeNetwork(), network);
    List<BackendDraft> backends = new ArrayList<>();
    for (ServiceLabels s : labels.services().values()) {
      backends.add(backend(service, s, edge, tasks, previous));
    }
    List<RouteDraft> routes = new ArrayList<>();
    for (RouterLabels router : routers(service, labels)) {
      routes.add(route(service, router, labels, edge));
    }
    return new ServiceRoutes(
        service.id(),
        service.name(),
        List.copyOf(routes),
        List.copyOf(backends),
        List.copyOf(labels.middlewares().values()),
        labels.layer4(),
        labels.problems());
  }

  /**
   * Traefik makes a router for a service that has none, unless its labels are about other things.
   */
  private static Collection<RouterLabels> routers(Service service, TraefikLabels labels) {
    if (!labels.routers().isEmpty()) {
      return labels.routers().values();
    }
    boolean other = !labels.layer4().isEmpty() || !labels.middlewares().isEmpty();
    return other && labels.services().isEmpty()
        ? List.of()
        : List.of(TraefikLabels.defaultRouter(service.name()));
  }

  private static BackendDraft backend(
      Service service,
      ServiceLabels labels,
      EdgeNetwork edge,
      Collection<Task> tasks,
      Function<String, Backend> previous) {
    List<LabelProblem> problems = new ArrayList<>(labels.problems());
    if (edge.problem() != null) {
      problems.add(edge.problem());
    }
    Backend backend =
        problems.isEmpty()
            ? new Backend(
                labels.name(),
                service.id(),
                labels.scheme(),
                labels.passHostHeader(),
                Servers.of(tasks, edge.id(), labels.port(), previous.apply(labels.name())))
            : null;
    return new BackendDraft(labels.name(), backend, List.copyOf(problems), labels.ignored());
  }

  private RouteDraft route(
      Service service, RouterLabels router, TraefikLabels labels, EdgeNetwork edge) {
    List<LabelProblem> problems = new ArrayList<>(router.problems());
    String text =
        router.rule() == null ? "Host(`" + Names.defaultHost(service.name()) + "`)" : router.rule();
    Rule rule = null;
    Set<Match> matches = Set.of();
    try {
      rule = RuleParser.parse(text);
      matches = Match.of(rule);
      if (matches.isEmpty()) {
        problems.add(
            new LabelProblem(
                Reason.RULE_NEVER_MATCHES,
                "no request can match the rule: && joins different hosts or paths; write || between"
                    + " alternatives"));
      }
    } catch (LabelException e) {
      problems.add(
          new LabelProblem(
              e.problem().reason(),
              "rule of router '%s': %s".formatted(router.name(), e.problem().message())));
    } catch (Match.TooManyException e) {
      problems.add(
          new LabelProblem(
              Reason.RULE_TOO_COMPLEX,
              "the rule has more than %d alternatives: use several routers".formatted(Match.MOST)));
    }
    EntryPoints entry = EntryPoints.of(router, options.entryPoints());
    problems.addAll(entry.problems());
    List<String> ignored = new ArrayList<>(router.ignored());
    ignored.addAll(labels.ignored());
    return new RouteDraft(
        router.name(),
        rule,
        matches,
        router.priority() == null ? text.length() : router.priority(),
        entry.names(),
        entry.tls(),
        target(router, labels, edge, problems),
        middlewares(router, problems),
        List.copyOf(problems),
        List.copyOf(ignored));
  }

  /** The load balancer's name; null, and a problem, if the labels leave it open. */
  private static String target(
      RouterLabels router, TraefikLabels labels, EdgeNetwork edge, List<LabelProblem> problems) {
    Map<String, ServiceLabels> services = labels.services();
    if (router.service() != null) {
      String name = Provider.strip(router.service());
      if (name == null) {
        problems.add(
            new LabelProblem(
                Reason.UNKNOWN_SERVICE,
                "service %s is of another of Traefik's providers: only load balancers in labels of Swarm services are known"
                    .formatted(router.service().replaceAll("[^A-Za-z0-9_@-]", "?"))));
        return null;
      }
      ServiceLabels own = services.get(name);
      return own == null ? name : own.name();
    }
    if (services.size() == 1) {
      return services.values().iterator().next().name();
    }
    if (services.isEmpty()) {
      problems.add(new LabelProblem(Reason.MISSING_PORT, ServiceLabels.missingPort(router.name())));
      if (edge.problem() != null) {
        problems.add(edge.problem());
      }
    } else {
      problems.add(
          new LabelProblem(
              Reason.AMBIGUOUS_SERVICE,
              "the labels define the services %s: say which by traefik.http.routers.%s.service"
                  .formatted(String.join(", ", services.keySet()), router.name())));
    }
    return null;
  }

  private static List<String> middlewares(RouterLabels router, List<LabelProblem> problems) {
    List<String> names = new ArrayList<>();
    for (String written : router.middlewares()) {
      String name = Provider.strip(written);
      if (name == null) {
        problems.add(
            new LabelProblem(
                Reason.UNSUPPORTED_MIDDLEWARE,
                "middleware %s is of another of Traefik's providers: only those in labels of Swarm services are known"
                    .formatted(written.replaceAll("[^A-Za-z0-9_@-]", "?"))));
      } else {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }

  /** {@code NAME}, {@code NAME@swarm} or {@code NAME@docker}. */
  private static final class Provider {
    static String strip(String reference) {
      int at = reference.indexOf('@');
      if (at < 0) {
        return reference;
      }
      String provider = reference.substring(at + 1).toLowerCase(Locale.ROOT);
      return provider.equals("swarm") || provider.equals("docker")
          ? reference.substring(0, at)
          : null;
    }
  }
}
