package dev.skep.deployer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.source.StackGate;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import dev.skep.model.Sealed;
import dev.skep.model.command.Command;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** The way of sources into the deployer: that of every other command. */
final class SourceGate implements StackGate {
  private final TopicView<Stack> stacks;
  private final TopicView<Deployment> deployments;
  private final BooleanSupplier folding;
  private final PrivateKeyRing keys;
  private final EngineClient engine;
  private final CommandSender sender;

  SourceGate(
      TopicView<Stack> stacks,
      TopicView<Deployment> deployments,
      BooleanSupplier folding,
      PrivateKeyRing keys,
      EngineClient engine,
      CommandSender sender) {
    this.stacks = stacks;
    this.deployments = deployments;
    this.folding = folding;
    this.keys = keys;
    this.engine = engine;
    this.sender = sender;
  }

  @Override
  public boolean ready() {
    return stacks.ready() && deployments.ready() && folding.getAsBoolean();
  }

  @Override
  public Set<String> stacks() {
    return stacks.values().keySet();
  }

  @Override
  public List<Deployment> deployments(String stack) {
    return Deployments.of(stack, deployments.values().values());
  }

  @Override
  public Optional<StackBody> desired(String stack) {
    return SealedBodies.desired(stacks, stack).map(s -> SealedBodies.open(s, keys));
  }

  @Override
  public Set<String> stacksOnEngine() {
    Set<String> names = new TreeSet<>();
    engine.forEach(
        "/services",
        Query.of(Filters.of("label", Namespace.LABEL)),
        s -> names.add(s.path("Spec").path("Labels").path(Namespace.LABEL).asText()));
    return names;
  }

  @Override
  public boolean onEngine(String stack) {
    return !engine.services(false, Filters.of("label", Namespace.LABEL + "=" + stack)).isEmpty();
  }

  @Override
  public Optional<String> rejected(String command) {
    return sender.rejected(command);
  }

  @Override
  public void deploy(String command, StackBody body, String by, String origin) {
    Sealed sealed =
        keys.publicKeys().seal(body.toBytes(), Command.sealingContext(StackFolder.TARGET, command));
    sender.send(command, StackFolder.DEPLOY, by, about(body.stack(), origin), sealed);
  }

  @Override
  public void remove(String command, String stack, String by, String origin) {
    sender.send(command, StackFolder.REMOVE, by, about(stack, origin), null);
  }

  private static ObjectNode about(String stack, String origin) {
    return JsonNodeFactory.instance.objectNode().put("stack", stack).put("source", origin);
  }
}
