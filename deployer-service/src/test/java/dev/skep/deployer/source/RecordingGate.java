package dev.skep.deployer.source;

import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Deployment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A deployer that records what it is asked for and does what a test says. */
class RecordingGate implements StackGate {
  final List<String> sent = new ArrayList<>();
  final Map<String, StackBody> desired = new HashMap<>();
  final Map<String, List<Deployment>> deployments = new HashMap<>();
  final Map<String, String> rejected = new HashMap<>();
  final Set<String> onEngine = new HashSet<>();
  private final Map<String, StackBody> asked = new HashMap<>();

  /** The last command is taken up. */
  void takeUp(String stack, String by) {
    takeUp(stack, by, last());
  }

  /** A command is taken up; the stack is gone at once if it is to be removed. */
  void takeUp(String stack, String by, String id) {
    if (asked.containsKey(id)) {
      desired.put(stack, asked.get(id));
    } else {
      desired.remove(stack);
    }
    record(stack, id, by);
  }

  /** The id of the last command. */
  String last() {
    return sent.getLast().split(" ", -1)[1];
  }

  /** A stack's newest deployment is done. */
  void end(String stack) {
    List<Deployment> own = deployments.get(stack);
    own.set(0, Deployments.ended(own.getFirst(), List.of(), "", Instant.EPOCH));
  }

  void record(String stack, String command, String by) {
    List<Deployment> own = deployments.computeIfAbsent(stack, s -> new ArrayList<>());
    long revision = Deployments.newest(stack, own) + 1;
    own.addFirst(Deployments.begun(stack, revision, command, by, Instant.EPOCH));
  }

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public Set<String> stacks() {
    return desired.keySet();
  }

  @Override
  public List<Deployment> deployments(String stack) {
    return deployments.getOrDefault(stack, List.of());
  }

  @Override
  public Optional<StackBody> desired(String stack) {
    return Optional.ofNullable(desired.get(stack));
  }

  @Override
  public Set<String> stacksOnEngine() {
    return Set.copyOf(onEngine);
  }

  @Override
  public boolean onEngine(String stack) {
    return onEngine.contains(stack);
  }

  @Override
  public Optional<String> rejected(String command) {
    return Optional.ofNullable(rejected.get(command));
  }

  @Override
  public void deploy(String command, StackBody body, String by, String origin) {
    sent.add("deploy " + command + " " + body.stack() + " " + by + " " + origin);
    asked.put(command, body);
  }

  @Override
  public void remove(String command, String stack, String by, String origin) {
    sent.add("remove " + command + " " + stack + " " + by + " " + origin);
  }
}
