package dev.skep.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What there is to see of a lab.
 *
 * @param nodes all of them, managers first
 * @param vipHolders the edges that have the floating address
 * @param services each with its replicas as {@code docker service ls} shows them
 * @param quorum whether a manager answered for the cluster
 */
public record LabStatus(
    List<NodeStatus> nodes, List<String> vipHolders, List<String> services, boolean quorum) {
  /**
   * A node.
   *
   * @param container {@code running}, {@code exited}, {@code paused}, {@code absent}...
   * @param swarm {@code Ready}, {@code Down}, {@code Unknown}; {@code -} if not a member
   * @param availability {@code Active}, {@code Drain}, {@code Pause}
   * @param manager {@code Leader}, {@code Reachable}, {@code Unreachable}, or empty
   */
  public record NodeStatus(
      String name,
      String address,
      String container,
      String swarm,
      String availability,
      String manager) {}

  static LabStatus of(Lab lab, Docker docker, Swarm swarm) {
    LabSpec spec = lab.spec();
    Map<String, String> containers =
        docker
            .lines(
                "ps",
                "--all",
                "--filter",
                "label=" + LabSpec.LABEL + "=" + spec.name(),
                "--format",
                "{{.Names}}\t{{.State}}")
            .stream()
            .map(line -> line.split("\t", -1))
            .collect(Collectors.toMap(fields -> fields[0], fields -> fields[1]));
    Optional<Swarm.View> view = swarm.view();
    Map<String, Swarm.Member> members =
        view.stream()
            .flatMap(seen -> seen.members().stream())
            .collect(Collectors.toMap(Swarm.Member::name, Function.identity(), (a, b) -> b));
    List<NodeStatus> nodes = new ArrayList<>();
    for (Node node : spec.shape().nodes()) {
      Optional<Swarm.Member> member = Optional.ofNullable(members.get(node.name()));
      nodes.add(
          new NodeStatus(
              node.name(),
              spec.subnet().of(node),
              containers.getOrDefault(spec.container(node.name()), "absent"),
              member.map(Swarm.Member::status).orElse("-"),
              member.map(Swarm.Member::availability).orElse("-"),
              member.map(Swarm.Member::manager).orElse("")));
    }
    List<String> services =
        view.map(
                seen ->
                    lab.docker(
                        seen.manager().name(),
                        "service",
                        "ls",
                        "--format",
                        "{{.Name}}\t{{.Replicas}}"))
            .filter(Result::ok)
            .map(result -> result.out().lines().toList())
            .orElse(List.of());
    return new LabStatus(nodes, lab.vipHolders(), services, view.isPresent());
  }
}
