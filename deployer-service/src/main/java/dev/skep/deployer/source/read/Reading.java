package dev.skep.deployer.source.read;

import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeException;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.source.declare.NamePatterns;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.Variable;
import dev.skep.deployer.source.policy.PolicyCheck;
import dev.skep.deployer.source.policy.Refusal;
import dev.skep.deployer.source.read.StackResult.Desired;
import dev.skep.deployer.source.read.StackResult.Refused;
import dev.skep.deployer.state.Origin;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Revision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that one commit of a source asks for.
 *
 * @param commit its id
 * @param stacks in the order in which they were found
 * @param problems of the whole
 */
public record Reading(String commit, List<StackResult> stacks, List<Problem> problems) {
  /** A record holds at most 8 MiB, and sealing and base64 make a body a third larger. */
  static final int LARGEST_BODY = 5 * 1024 * 1024;

  private static final String PROFILES = "COMPOSE_PROFILES";

  public Reading {
    stacks = List.copyOf(stacks);
    problems = List.copyOf(problems);
  }

  /**
   * Whether it is known which stacks there should be: only then may one that is missing be removed.
   */
  public boolean complete() {
    return problems.isEmpty() && !stacks.isEmpty();
  }

  /**
   * Reads a commit. What is wrong with one stack does not touch the others.
   *
   * @param opening opens what is encrypted
   * @param variables the values of those that are declared
   * @param known the names of all stacks that there are
   */
  public static Reading of(
      Source source,
      Snapshot snapshot,
      Opening opening,
      Map<String, String> variables,
      Set<String> known) {
    Discovery found = Discovery.find(source.layout(), snapshot);
    Set<String> all = new HashSet<>(known);
    found.stacks().forEach(s -> all.add(s.name()));
    List<StackResult> results = new ArrayList<>();
    found.broken().forEach((name, problems) -> results.add(new Refused(name, problems)));
    for (FoundStack stack : found.stacks()) {
      Set<String> others = new HashSet<>(all);
      others.remove(stack.name());
      RepositoryFiles files = new RepositoryFiles(snapshot, opening, secrets(source, variables));
      results.add(shown(read(source, stack, snapshot.commit(), files, variables, others), files));
    }
    return new Reading(snapshot.commit(), results, found.problems());
  }

  /** Values that lie in files as they are secret; what is declared in clear may be shown. */
  private static List<String> secrets(Source source, Map<String, String> variables) {
    return source.variables().entrySet().stream()
        .filter(e -> e.getValue() instanceof Variable.File)
        .flatMap(e -> Stream.ofNullable(variables.get(e.getKey())))
        .toList();
  }

  private static StackResult shown(StackResult result, RepositoryFiles files) {
    return switch (result) {
      case Desired d -> new Desired(d.name(), d.body(), files.shown(d.warnings()));
      case Refused r -> new Refused(r.name(), files.shown(r.problems()), files.tryAgain());
    };
  }

  private static StackResult read(
      Source source,
      FoundStack stack,
      String commit,
      RepositoryFiles files,
      Map<String, String> variables,
      Set<String> others) {
    if (!mayBeNamed(source, stack.name())) {
      return refused(
          stack,
          "the source may not have a stack of this name; to allow it, its declaration needs"
              + " 'stacks: [%s]'".formatted(stack.name()));
    }
    try {
      Map<String, String> env = new HashMap<>(stack.env());
      if (!stack.profiles().isEmpty()) {
        env.put(PROFILES, String.join(",", stack.profiles()));
      }
      env.putAll(variables);
      ComposeFile file =
          Compose.load(stack.files().stream().map(RepositoryFiles::path).toList(), env, files);
      StackObjects objects = Converter.convert(file, stack.name());
      List<Refusal> refusals =
          PolicyCheck.check(file, objects, stack.name(), others, source.policy());
      if (!refusals.isEmpty()) {
        return new Refused(stack.name(), refusals.stream().map(Problem::of).toList());
      }
      return desired(source, stack, commit, file, objects);
    } catch (ComposeException e) {
      return new Refused(stack.name(), e.problems().stream().map(Problem::of).toList());
    } catch (IllegalArgumentException | IllegalStateException | StackOverflowError e) {
      // Whatever a hostile file leads to stays with its stack.
      return refused(
          stack, "it cannot be read (%s); simplify it".formatted(e.getClass().getSimpleName()));
    }
  }

  private static StackResult desired(
      Source source, FoundStack stack, String commit, ComposeFile file, StackObjects objects) {
    if (objects.services().isEmpty()) {
      return refused(stack, "no service is left; name profiles, or remove the stack");
    }
    StackBody body =
        new StackBody(
            stack.name(),
            objects,
            new ApplyOptions(source.prune(), source.resolveImage(), Map.of()).with(source.heal()),
            Origin.of(new Revision.Source(stack.files(), source.url().text(), commit)));
    int size = body.toBytes().length;
    if (size > LARGEST_BODY) {
      return refused(
          stack,
          "the stack has %d bytes, at most %d are allowed; make large configs external"
              .formatted(size, LARGEST_BODY));
    }
    return new Desired(stack.name(), body, file.warnings().stream().map(Problem::of).toList());
  }

  private static boolean mayBeNamed(Source source, String name) {
    return source.stacks().isEmpty() ? !NamePatterns.isSuite(name) : source.stacks().allow(name);
  }

  private static Refused refused(FoundStack stack, String message) {
    return new Refused(stack.name(), List.of(Problem.of(message)));
  }
}
