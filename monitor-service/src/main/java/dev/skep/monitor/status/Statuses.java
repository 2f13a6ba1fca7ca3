package dev.skep.monitor.status;

import dev.skep.model.Condition;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cluster.Node;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import dev.skep.model.stack.Stack;
import dev.skep.monitor.cluster.ServiceFacts;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.status.Status.Counts;
import dev.skep.monitor.status.Status.EdgeState;
import dev.skep.monitor.status.Status.NodeProblem;
import dev.skep.monitor.status.Status.Problem;
import dev.skep.monitor.status.Status.ServiceProblem;
import dev.skep.monitor.status.Status.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Draws up a {@link Status}. */
public final class Statuses {
  /** The condition type by which an edge's agent says whether it serves what it should. */
  public static final String EDGE_READY = "Ready";

  private Statuses() {}

  /** The status of a snapshot, with what this process relies on. */
  public static Status of(Snapshot s, List<Part> parts, Instant now) {
    List<Part> stale = parts.stream().filter(p -> !p.current()).toList();
    List<NodeProblem> nodes =
        s.nodes().stream()
            .filter(n -> !n.ready())
            .map(n -> new NodeProblem(n.id(), n.hostname(), lower(n.state())))
            .toList();
    List<ServiceProblem> services =
        s.services().stream().filter(f -> !f.healthy()).map(Statuses::problem).toList();
    List<Problem> routes =
        s.routes().stream()
            .filter(r -> !r.accepted())
            .map(r -> problem(r.id(), r.service(), r.conditions(), Route.ACCEPTED))
            .toList();
    List<Problem> certificates =
        s.certificates().stream()
            .filter(c -> !Conditions.holds(c.conditions(), Certificate.READY))
            .map(c -> problem(c.name(), null, c.conditions(), Certificate.READY))
            .toList();
    List<Problem> stacks =
        s.stacks().stream()
            .filter(k -> !holds(k))
            .map(
                k ->
                    problem(
                        k.name(), null, k.conditions(), applied(k) ? Stack.IN_SYNC : Stack.APPLIED))
            .toList();
    List<EdgeState> edges = s.edges().stream().map(e -> edge(s, e)).toList();
    int edgesReady = (int) edges.stream().filter(EdgeState::ready).count();
    Counts counts =
        new Counts(
            s.nodes().size(),
            s.nodes().size() - nodes.size(),
            s.services().size(),
            s.services().size() - services.size(),
            s.services().stream()
                .filter(f -> !f.service().job())
                .mapToLong(f -> f.service().desired())
                .sum(),
            s.services().stream()
                .filter(f -> !f.service().job())
                .mapToLong(f -> f.tasks().effective())
                .sum(),
            s.routes().size(),
            s.routes().size() - routes.size(),
            s.certificates().size(),
            s.certificates().size() - certificates.size(),
            s.stacks().size(),
            s.stacks().size() - stacks.size(),
            edges.size(),
            edgesReady);
    boolean well =
        nodes.isEmpty()
            && services.isEmpty()
            && routes.isEmpty()
            && certificates.isEmpty()
            && stacks.isEmpty()
            && edgesReady == edges.size();
    boolean critical = !stale.isEmpty() || (s.quorum().managers() > 0 && s.quorum().margin() < 0);
    Verdict verdict = critical ? Verdict.CRITICAL : well ? Verdict.OK : Verdict.DEGRADED;
    return new Status(
        now,
        s.revision(),
        verdict,
        s.quorum(),
        counts,
        stale,
        nodes,
        services,
        routes,
        certificates,
        stacks,
        edges);
  }

  /** Whether the cluster holds the newest revision of this stack. */
  public static boolean applied(Stack stack) {
    return stack.observedRevision() >= stack.revision()
        && Conditions.find(stack.conditions(), Stack.APPLIED)
            .map(c -> c.status() == Condition.Status.TRUE)
            .orElse(true);
  }

  /** Whether nobody is known to have changed what was applied of this stack. */
  public static boolean inSync(Stack stack) {
    return Conditions.find(stack.conditions(), Stack.IN_SYNC)
        .map(c -> c.status() != Condition.Status.FALSE)
        .orElse(true);
  }

  /** Whether the newest revision of this stack was applied and is still there. */
  public static boolean holds(Stack stack) {
    return applied(stack) && inSync(stack);
  }

  private static ServiceProblem problem(ServiceFacts facts) {
    return new ServiceProblem(
        facts.service().id(),
        facts.service().name(),
        facts.service().desired(),
        facts.tasks().effective(),
        facts.tasks().unplaceable(),
        facts.service().updateStatus() == null ? null : facts.service().updateStatus().state());
  }

  private static Problem problem(
      String id, String subject, List<Condition> conditions, String type) {
    Condition condition = Conditions.find(conditions, type).orElse(null);
    return condition == null
        ? new Problem(id, subject, "Unknown", "")
        : new Problem(id, subject, condition.reason(), condition.message());
  }

  private static EdgeState edge(Snapshot s, EdgeStatus e) {
    Condition ready = Conditions.find(e.conditions(), EDGE_READY).orElse(null);
    return new EdgeState(
        e.edge(),
        e.proxy(),
        ready != null && ready.status() == Condition.Status.TRUE,
        ready == null ? "Unknown" : ready.reason(),
        ready == null ? "" : ready.message(),
        s.lag(e),
        e.refused().size(),
        e.since());
  }

  private static String lower(Node.State state) {
    return state == null ? "unknown" : state.name().toLowerCase(Locale.ROOT);
  }
}
