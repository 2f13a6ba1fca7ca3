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
import java.util.function.UnaryOperator;
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

  /** What is desired is held in memory, sealed, for as long as it is desired. */
  static final int LARGEST_BODIES = 16 * 1024 * 1024;

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
   * @param each is given what came of each stack before the next is read; what it returns is kept
   *     in its place, so that no more than one body has to be
   */
  public static Reading of(
      Source source,
      Snapshot snapshot,
      Opening opening,
      Map<String, String> variables,
      Set<String> known,
      UnaryOperator<StackResult> each) {
    Discovery found = Discovery.find(source.layout(), snapshot);
    Set<String> all = new HashSet<>(known);
    found.stacks().forEach(s -> all.add(s.name()));
    List<StackResult> results = new ArrayList<>();
    found
        .broken()
        .forEach((name, problems) -> results.add(each.apply(new Refused(name, problems))));
    Room room = new Room();
    for (FoundStack stack : found.stacks()) {
      Set<String> others = new HashSet<>(all);
      others.remove(stack.name());
      RepositoryFiles files = new RepositoryFiles(snapshot, opening, secrets(source, variables));
      StackResult result = read(source, stack, snapshot.commit(), files, variables, others, room);
      results.add(each.apply(shown(result, files)));
    }
    return new Reading(snapshot.commit(), results, found.problems());
  }

  /** How many bytes the bodies of a commit may still have. */
  private static final class Room {
    private int left = LARGEST_BODIES;
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
      Set<String> others,
      Room room) {
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
      return desired(source, stack, commit, file, objects, room);
    } catch (ComposeException e) {
      return new Refused(stack.name(), e.problems().stream().map(Problem::of).toList());
    } catch (IllegalArgumentException | IllegalStateException | StackOverflowError e) {
      // Whatever a hostile file leads to stays with its stack.
      return refused(
          stack, "it cannot be read (%s); simplify it".formatted(e.getClass().getSimpleName()));
    }
  }

  private static StackResult desired(
      Source source,
      FoundStack stack,
      String commit,
      ComposeFile file,
      StackObjects objects,
      Room room) {
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
    if (size > room.left) {
      return refused(
          stack,
          ("the stack has %d bytes, and the stacks before it leave %d of the %d that all stacks of"
                  + " a commit may have together; make large configs external, its own or theirs")
              .formatted(size, room.left, LARGEST_BODIES));
    }
    room.left -= size;
    return new Desired(stack.name(), body, file.warnings().stream().map(Problem::of).toList());
  }

  private static boolean mayBeNamed(Source source, String name) {
    return source.stacks().isEmpty() ? !NamePatterns.isSuite(name) : source.stacks().allow(name);
  }

  private static Refused refused(FoundStack stack, String message) {
    return new Refused(stack.name(), List.of(Problem.of(message)));
  }
}
