package dev.skep.model.topic;

import static dev.skep.model.topic.Principal.CERT;
import static dev.skep.model.topic.Principal.DEPLOYER;
import static dev.skep.model.topic.Principal.EDGE_AGENT;
import static dev.skep.model.topic.Principal.EDGE_CONFIG;
import static dev.skep.model.topic.Principal.INVENTORY;
import static dev.skep.model.topic.Principal.MONITOR;
import static dev.skep.model.topic.Principal.NODE_AGENT;

import dev.skep.model.topic.TopicSpec.Policy;
import java.time.Duration;
import java.util.List;

/** The topic table. Every topic has one partition: order per entity matters more than spread. */
public final class Topics {
  /** What containers do, as their own node's agent sees it. */
  public static final TopicSpec OBSERVATIONS =
      log("skep.observations", "node id", Duration.ofHours(1))
          .writtenBy(NODE_AGENT)
          .readBy(INVENTORY);

  public static final TopicSpec NODES =
      state("skep.nodes", "node id").writtenBy(INVENTORY).readBy(INVENTORY, MONITOR);
  public static final TopicSpec SERVICES =
      state("skep.services", "service id")
          .writtenBy(INVENTORY)
          .readBy(INVENTORY, DEPLOYER, EDGE_CONFIG, MONITOR);
  public static final TopicSpec TASKS =
      state("skep.tasks", "task id").writtenBy(INVENTORY).readBy(INVENTORY, EDGE_CONFIG, MONITOR);
  public static final TopicSpec NETWORKS =
      state("skep.networks", "network id")
          .writtenBy(INVENTORY)
          .readBy(INVENTORY, EDGE_CONFIG, MONITOR);

  /** The desired state of every stack, bodies sealed to the deployer. */
  public static final TopicSpec STACKS =
      state("skep.stacks", "stack").flushed().writtenBy(DEPLOYER).readBy(DEPLOYER, MONITOR);

  /** Every deployment that is remembered: key {@code stack/revision}. */
  public static final TopicSpec DEPLOYMENTS =
      state("skep.deployments", "stack/revision")
          .flushed()
          .writtenBy(DEPLOYER)
          .readBy(DEPLOYER, MONITOR);

  /**
   * Every revision that is kept, and its body apart, sealed to the deployer: key {@code
   * stack/number} and {@code stack/number/body}.
   */
  public static final TopicSpec REVISIONS =
      state("skep.revisions", "stack/number or stack/number/body")
          .flushed()
          .writtenBy(DEPLOYER)
          .readBy(DEPLOYER);

  /** Who may call the API besides the holder of the root token: names, roles and hashes. */
  public static final TopicSpec TOKENS =
      state("skep.tokens", "token name")
          .flushed()
          .writtenBy(DEPLOYER)
          .readBy(INVENTORY, DEPLOYER, EDGE_CONFIG, CERT, MONITOR);

  /** Routes ({@code route/ID}) and backends ({@code backend/ID}). */
  public static final TopicSpec ROUTES =
      state("skep.routes", "route/ID or backend/ID")
          .writtenBy(EDGE_CONFIG)
          .readBy(EDGE_CONFIG, EDGE_AGENT, CERT, MONITOR);

  public static final TopicSpec EDGE_STATUS =
      state("skep.edge.status", "edge").writtenBy(EDGE_AGENT).readBy(CERT, MONITOR);

  /**
   * Certificates ({@code certificate/NAME}) and issuers ({@code issuer/NAME}), keys sealed. Edges
   * are told by edge-config which one to adopt, by its id.
   */
  public static final TopicSpec CERTIFICATES =
      state("skep.certificates", "certificate/NAME or issuer/NAME")
          .flushed()
          .writtenBy(CERT)
          .readBy(CERT, EDGE_AGENT, MONITOR)
          .watchedBy(EDGE_CONFIG);

  /**
   * What people ask for, by the front doors that take it; folded into desired state by the target's
   * owner.
   */
  public static final TopicSpec COMMANDS =
      log("skep.commands", "target", Duration.ofDays(7))
          .writtenBy(DEPLOYER, EDGE_CONFIG)
          .readBy(DEPLOYER, EDGE_AGENT);

  /** Records that could not be read, with the reason: written by all who read, for people. */
  public static final TopicSpec DEAD_LETTERS =
      log("skep.dead-letters", "topic", Duration.ofDays(30))
          .writtenBy(INVENTORY, DEPLOYER, EDGE_CONFIG, EDGE_AGENT, CERT, MONITOR);

  private static final List<TopicSpec> ALL =
      List.of(
          OBSERVATIONS,
          NODES,
          SERVICES,
          TASKS,
          NETWORKS,
          STACKS,
          DEPLOYMENTS,
          REVISIONS,
          TOKENS,
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

  /** The topics that a principal writes, reads or watches. */
  public static List<TopicSpec> usedBy(Principal principal) {
    return ALL.stream().filter(t -> t.usedBy(principal)).toList();
  }

  private static TopicSpec state(String name, String key) {
    return TopicSpec.of(name, key, new Policy.Compact());
  }

  private static TopicSpec log(String name, String key, Duration retention) {
    return TopicSpec.of(name, key, new Policy.Delete(retention));
  }
}
