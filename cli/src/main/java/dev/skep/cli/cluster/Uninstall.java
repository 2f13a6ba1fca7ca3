package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Takes what is ours off a cluster, and waits until it is gone. */
final class Uninstall {
  /** A task may take its grace period, 30 s at most in the stack, and its node's time. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration TICK = Duration.ofMillis(250);

  private final EngineClient engine;
  private final SuiteObjects objects;
  private final List<ClusterNode> nodes;
  private final Consumer<String> tell;
  private final List<String> left = new ArrayList<>();

  Uninstall(EngineClient engine, Consumer<String> tell) {
    this.engine = engine;
    this.objects = SuiteObjects.read(engine);
    this.nodes = ClusterNode.all(engine);
    this.tell = tell;
  }

  /** What would be removed, one line each; empty if nothing of ours is there. */
  List<String> plan() {
    List<String> plan = new ArrayList<>();
    objects.services().forEach(s -> plan.add("service " + SuiteObjects.name(s)));
    objects.networks().forEach(n -> plan.add("network " + SuiteObjects.name(n)));
    objects.configs().forEach(c -> plan.add("config " + SuiteObjects.name(c)));
    plan.addAll(SwarmSecrets.names(engine));
    for (ClusterNode node : nodes) {
      NodeLabels.ALL.stream()
          .filter(node.labels()::containsKey)
          .forEach(l -> plan.add("label " + l + " of node " + node.name()));
    }
    return plan;
  }

  /** What bears a name of ours and stays. */
  List<String> kept() {
    return objects.kept();
  }

  /**
   * The stack's services go first, so that nothing uses the rest; and before all others the
   * deployer, which would make anew what goes.
   */
  void services() throws InterruptedException {
    Predicate<JsonNode> deployer = s -> SuiteObjects.name(s).equals("skep_deployer");
    end(objects.services().stream().filter(deployer).toList());
    end(objects.services().stream().filter(deployer.negate()).toList());
    if (!objects.services().isEmpty()) {
      tell.accept("removed " + objects.services().size() + " services");
    }
  }

  private void end(List<JsonNode> services) throws InterruptedException {
    for (JsonNode service : services) {
      ignoringAbsence(() -> engine.removeService(service.path("ID").asText()));
    }
    if (!until(() -> !SuiteObjects.running(engine, services))) {
      throw new CliException(
          "tasks of the stack still run after %d s (docker ps on each node; a node that is down keeps"
                  .formatted(PATIENCE.toSeconds())
              + " them): run skep uninstall again");
    }
  }

  /**
   * Everything but the services and the volumes.
   *
   * @return what could not be removed, with the reason
   */
  List<String> rest() throws InterruptedException {
    for (JsonNode network : objects.networks()) {
      String name = "network " + SuiteObjects.name(network);
      String id = network.path("Id").asText();
      // Not patient where others use it: they would have to go first.
      if (usedByServices(id)) {
        left.add(name + ": services that are not Skep's use it");
      } else if (remove(() -> engine.removeNetwork(id), name)) {
        awaitAbsence(id);
        tell.accept("removed " + name);
      }
    }
    int configs = 0;
    for (JsonNode config : objects.configs()) {
      String name = "config " + SuiteObjects.name(config);
      configs += remove(() -> engine.removeConfig(config.path("ID").asText()), name) ? 1 : 0;
    }
    if (configs > 0) {
      tell.accept("removed " + configs + " configs of the stack's files");
    }
    SwarmSecrets.remove(
        engine, line -> tell.accept(line.replaceFirst("(.*) removed", "removed $1")));
    for (ClusterNode node : nodes) {
      List<String> changes = NodeLabels.apply(engine, node.id(), Map.of());
      if (!changes.isEmpty()) {
        tell.accept("removed labels of node " + node.name() + ": " + String.join(" ", changes));
      }
    }
    return left;
  }

  private boolean usedByServices(String networkId) {
    for (JsonNode service : engine.services(false)) {
      JsonNode networks = service.path("Spec").path("TaskTemplate").path("Networks");
      if (networks.findValuesAsText("Target").contains(networkId)) {
        return true;
      }
    }
    return false;
  }

  /** Tasks that are gone may hold what they used for a moment. */
  private boolean remove(Runnable removal, String name) throws InterruptedException {
    String[] reason = {""};
    boolean removed =
        until(
            () -> {
              try {
                ignoringAbsence(removal);
                return true;
              } catch (EngineException e) {
                if (e.isUnreachable()) {
                  throw e;
                }
                reason[0] = e.reason();
                return false;
              }
            });
    if (!removed) {
      left.add(name + ": " + reason[0]);
    }
    return removed;
  }

  /** This node's part of a network goes a moment after the cluster's. */
  private void awaitAbsence(String networkId) throws InterruptedException {
    if (!until(() -> engine.networks(Filters.of("id", networkId)).isEmpty())) {
      throw new CliException("network " + networkId + " was removed but is still listed");
    }
  }

  private static void ignoringAbsence(Runnable removal) {
    try {
      removal.run();
    } catch (EngineException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  private static boolean until(BooleanSupplier done) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(TICK);
    }
    return true;
  }
}
