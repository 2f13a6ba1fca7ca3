package dev.skep.deployer.source.declare;

import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.apply.ResolveImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A repository whose stacks are kept applied.
 *
 * @param name unique among sources, at most 30 small letters, digits and dashes
 * @param reference {@code HEAD}, {@code refs/heads/X} or {@code refs/tags/X}
 * @param poll how often the repository is asked for a new commit
 * @param stacks names that its stacks may have; empty: any that is free and not the suite's
 * @param prune whether stacks, and services of a stack, that the repository no longer holds are
 *     removed
 * @param resolveImage when tags are resolved to digests
 * @param heal what is done where others change its stacks
 * @param variables the only ones that its compose files see
 * @param webhookSecret the file with the secret that its webhooks are signed with; none: it takes
 *     no webhooks
 * @param ageKey the file with the identities that open its encrypted files; none: it has none
 * @param status where the statuses of its commits are told; none: nowhere
 */
public record Source(
    String name,
    GitUrl url,
    String reference,
    Credentials credentials,
    Duration poll,
    Layout layout,
    NamePatterns stacks,
    boolean prune,
    ResolveImage resolveImage,
    Heal heal,
    Map<String, Variable> variables,
    Optional<Path> webhookSecret,
    Optional<Path> ageKey,
    Optional<StatusTarget> status,
    Policy policy) {

  /** As whom a source deploys: begins the {@code by} of its commands. */
  public static final String BY = "git:";

  public Source {
    variables = Map.copyOf(variables);
  }

  /** As whom it deploys. */
  public String by() {
    return BY + name;
  }

  /** Variables may be secret. */
  @Override
  public String toString() {
    return "Source[" + name + ", " + url + ", " + reference + "]";
  }
}
