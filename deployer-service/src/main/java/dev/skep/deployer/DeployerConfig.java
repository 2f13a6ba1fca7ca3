package dev.skep.deployer;

import dev.skep.deployer.revision.Revisions;
import dev.skep.runtime.config.ConfigReader;
import java.time.Duration;

/**
 * What the deployer is told.
 *
 * @param resync how often every stack is compared with the cluster
 * @param commandLife how long after it was asked for a command may still be folded
 * @param parallelism how many stacks at most are worked on at a time
 * @param history how many deployments of a stack are remembered; the last good one always is
 * @param revisions how many revisions of a stack are kept, to be gone back to; the last good one
 *     always is
 * @param ownService the Swarm service as which it runs, which it updates after all others; "" if it
 *     is none
 * @param sources the file that declares sources of stacks; "" if there are none
 * @param sops the program that opens files of sources that SOPS encrypted: a name on the PATH, or
 *     an absolute path
 */
public record DeployerConfig(
    Duration resync,
    Duration commandLife,
    int parallelism,
    int history,
    int revisions,
    String ownService,
    String sources,
    String sops) {
  private static final String SOPS = "sops";

  private static final DeployerConfig DEFAULTS =
      new DeployerConfig(Duration.ofMinutes(1), Duration.ofMinutes(5), 4, 20, Revisions.KEPT, "");

  /** Without sources. */
  public DeployerConfig(
      Duration resync,
      Duration commandLife,
      int parallelism,
      int history,
      int revisions,
      String ownService) {
    this(resync, commandLife, parallelism, history, revisions, ownService, "", SOPS);
  }

  /** The same with sources. */
  public DeployerConfig withSources(String file) {
    return new DeployerConfig(
        resync, commandLife, parallelism, history, revisions, ownService, file, sops);
  }

  /** The defaults, as the README has them. */
  public static DeployerConfig defaults() {
    return DEFAULTS;
  }

  /** From the environment; problems are collected in {@code env}. */
  public static DeployerConfig from(ConfigReader env) {
    return new DeployerConfig(
        env.duration("SKEP_DEPLOYER_RESYNC", DEFAULTS.resync()),
        env.duration("SKEP_DEPLOYER_COMMAND_LIFE", DEFAULTS.commandLife()),
        env.integer("SKEP_DEPLOYER_PARALLELISM", DEFAULTS.parallelism(), 1, 64),
        env.integer("SKEP_DEPLOYER_HISTORY", DEFAULTS.history(), 1, 1000),
        env.integer("SKEP_DEPLOYER_REVISIONS", DEFAULTS.revisions(), 1, 100),
        env.optional("SKEP_SERVICE_NAME", DEFAULTS.ownService()),
        env.optional("SKEP_SOURCES_FILE", DEFAULTS.sources()),
        env.optional("SKEP_SOPS", DEFAULTS.sops()));
  }
}
