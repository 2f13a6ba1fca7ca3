package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.LabelProblem;
import dev.skep.model.edge.Backend;
import java.util.List;

/**
 * A load balancer as one service's labels make it.
 *
 * @param backend null if there are problems
 * @param problems what keeps the routes that lead to it from being served
 * @param ignored labels that are not honoured, harmlessly
 */
record BackendDraft(
    String name, Backend backend, List<LabelProblem> problems, List<String> ignored) {}
