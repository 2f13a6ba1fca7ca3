package dev.skep.model.topic;

import dev.skep.model.topic.TopicSpec.Policy;
import dev.skep.model.topic.TopicSpec.Principal;
import java.time.Duration;
import java.util.List;

/** The topic table. Every topic has one partition: order per entity matters more than spread. */
public final class Topics {
  private static final Policy COMPACT = new Policy.Compact();

  /** What containers do, as their own node's agent sees it. Only inventory reads it. */
  public static final TopicSpec OBSERVATIONS =
      topic("skep.observations", "node id", keep(Duration.ofHours(1)), Principal.NODE_AGENT);

  public static final TopicSpec NODES =
      topic("skep.nodes", "node id", COMPACT, Principal.INVENTORY);
  public static final TopicSpec SERVICES =
      topic("skep.services", "service id", COMPACT, Principal.INVENTORY);
  public static final TopicSpec TASKS =
      topic("skep.tasks", "task id", COMPACT, Principal.INVENTORY);
  public static final TopicSpec NETWORKS =
      topic("skep.networks", "network id", COMPACT, Principal.INVENTORY);

  /** The desired state of every stack, bodies sealed to the deployer. */
  public static final TopicSpec STACKS =
      new TopicSpec("skep.stacks", "stack", COMPACT, Principal.DEPLOYER, true);

  /** Every deployment that is remembered: key {@code stack/revision}. */
  public static final TopicSpec DEPLOYMENTS =
      new TopicSpec("skep.deployments", "stack/revision", COMPACT, Principal.DEPLOYER, true);

  /** Routes ({@code route/ID}) and backends ({@code backend/ID}). */
  public static final TopicSpec ROUTES =
      topic("skep.routes", "route/ID or backend/ID", COMPACT, Principal.EDGE_CONFIG);

  public static final TopicSpec EDGE_STATUS =
      topic("skep.edge.status", "edge", COMPACT, Principal.EDGE_AGENT);

  /** Certificates ({@code certificate/NAME}) and issuers ({@code issuer/NAME}), keys sealed. */
  public static final TopicSpec CERTIFICATES =
      new TopicSpec(
          "skep.certificates", "certificate/NAME or issuer/NAME", COMPACT, Principal.CERT, true);

  /** What people ask for; folded into desired state by the target's owner. */
  public static final TopicSpec COMMANDS =
      topic("skep.commands", "target", keep(Duration.ofDays(7)), Principal.ANY);

  /** Records that could not be read, with the reason. */
  public static final TopicSpec DEAD_LETTERS =
      topic("skep.dead-letters", "topic", keep(Duration.ofDays(30)), Principal.ANY);

  private static final List<TopicSpec> ALL =
      List.of(
          OBSERVATIONS,
          NODES,
          SERVICES,
          TASKS,
          NETWORKS,
          STACKS,
          DEPLOYMENTS,
          ROUTES,
          EDGE_STATUS,
          CERTIFICATES,
          COMMANDS,
          DEAD_LETTERS);

  private Topics() {}

  /** Every topic, in the order in which they are made. */
  public static List<TopicSpec> all() {
    return ALL;
  }

  private static TopicSpec topic(String name, String key, Policy policy, Principal writer) {
    return new TopicSpec(name, key, policy, writer, false);
  }

  private static Policy keep(Duration retention) {
    return new Policy.Delete(retention);
  }
}
