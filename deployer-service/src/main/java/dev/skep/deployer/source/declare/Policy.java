package dev.skep.deployer.source.declare;

import java.util.List;
import java.util.Set;

/**
 * What a source may do that can harm others. What is not named here is refused; the fields are the
 * keys under {@code policy}.
 *
 * @param secrets external ones that it may use, and own ones whose name is not the stack's
 * @param configs as the secrets
 * @param networks as the secrets; also {@code host} and {@code bridge}
 * @param volumes as the secrets
 * @param binds absolute paths of nodes that it may mount; {@code PATH/*} for all that is below
 * @param engineSocket whether a path in {@code binds} may lead to the Engine's socket
 * @param capabilities that it may add, {@code CAP_NET_ADMIN}
 * @param sysctls that it may set
 * @param hostPorts that it may publish on nodes themselves
 * @param ports below 1024, and Swarm's own, that it may publish by the routing mesh
 * @param managers whether it may ask for managers
 * @param labels of the suite, {@code dev.skep.*}, and of Docker that it may set
 * @param logDrivers besides json-file, local, journald and none
 * @param volumeDrivers besides local; for local with options, its type: {@code nfs}
 * @param networkDrivers besides overlay
 * @param settings other settings that are refused unless named
 * @param adopt stacks that it may take over from whoever deployed them
 */
public record Policy(
    NamePatterns secrets,
    NamePatterns configs,
    NamePatterns networks,
    NamePatterns volumes,
    List<String> binds,
    boolean engineSocket,
    Set<String> capabilities,
    NamePatterns sysctls,
    PortRanges hostPorts,
    PortRanges ports,
    boolean managers,
    NamePatterns labels,
    Set<String> logDrivers,
    Set<String> volumeDrivers,
    Set<String> networkDrivers,
    Set<String> settings,
    NamePatterns adopt) {

  public Policy {
    binds = List.copyOf(binds);
    capabilities = Set.copyOf(capabilities);
    logDrivers = Set.copyOf(logDrivers);
    volumeDrivers = Set.copyOf(volumeDrivers);
    networkDrivers = Set.copyOf(networkDrivers);
    settings = Set.copyOf(settings);
  }

  /** Nothing of all that. */
  public static Policy strict() {
    NamePatterns none = new NamePatterns(List.of());
    PortRanges noPort = new PortRanges(List.of());
    return new Policy(
        none, none, none, none, List.of(), false, Set.of(), none, noPort, noPort, false, none,
        Set.of(), Set.of(), Set.of(), Set.of(), none);
  }
}
