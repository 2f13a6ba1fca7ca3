package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.LabelProblem;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.Rule;
import java.util.List;
import java.util.Set;

/**
 * A router as one service's labels make it, before it is known what other services hold.
 *
 * @param rule null if it could not be read
 * @param matches of the rule
 * @param backend the load balancer that it leads to; null if that is not clear
 * @param middlewares the names that must be resolved
 * @param problems what keeps it from being served whatever the others do
 * @param ignored labels that are not honoured, harmlessly
 */
record RouteDraft(
    String name,
    Rule rule,
    Set<Match> matches,
    long priority,
    List<String> entryPoints,
    Route.Tls tls,
    String backend,
    List<String> middlewares,
    List<LabelProblem> problems,
    List<String> ignored) {}
