package dev.skep.deployer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.source.StackGate;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.model.Codecs;
import dev.skep.model.Sealed;
import dev.skep.model.command.Command;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The way of sources into the deployer: that of every other command. */
final class SourceGate implements StackGate {
  private final TopicView<Stack> stacks;
  private final TopicView<Deployment> deployments;
  private final BooleanSupplier folding;
  private final PrivateKeyRing keys;
  private final EngineClient engine;
  private final PlainPublisher publisher;
  private final CommandTracker tracker;
  private final Clock clock;
  private final Duration life;

  SourceGate(
      TopicView<Stack> stacks,
      TopicView<Deployment> deployments,
      BooleanSupplier folding,
      PrivateKeyRing keys,
      EngineClient engine,
      PlainPublisher publisher,
      CommandTracker tracker,
      Clock clock,
      Duration life) {
    this.stacks = stacks;
    this.deployments = deployments;
    this.folding = folding;
    this.keys = keys;
    this.engine = engine;
    this.publisher = publisher;
    this.tracker = tracker;
    this.clock = clock;
    this.life = life;
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
    return stacks
        .get(stack)
        .filter(s -> !s.removed() && s.body() != null)
        .map(
            s ->
                StackBody.fromBytes(
                    keys.open(s.body(), StackBody.sealingContext(stack, s.revision()))));
  }

  @Override
  public boolean onEngine(String stack) {
    return !engine.services(false, Filters.of("label", Namespace.LABEL + "=" + stack)).isEmpty();
  }

  @Override
  public Optional<String> rejected(String command) {
    return tracker.get(command).filter(s -> s.state().equals("failed")).map(s -> s.reason());
  }

  @Override
  public void deploy(String command, StackBody body, String by, String origin) {
    Sealed sealed =
        keys.publicKeys().seal(body.toBytes(), Command.sealingContext(StackFolder.TARGET, command));
    send(command, StackFolder.DEPLOY, body.stack(), by, origin, sealed);
  }

  @Override
  public void remove(String command, String stack, String by, String origin) {
    send(command, StackFolder.REMOVE, stack, by, origin, null);
  }

  private void send(String id, String kind, String stack, String by, String origin, Sealed sealed) {
    ObjectNode about =
        JsonNodeFactory.instance.objectNode().put("stack", stack).put("source", origin);
    Instant now = clock.instant();
    Command command =
        new Command(id, StackFolder.TARGET, kind, by, now, now.plus(life), about, sealed);
    tracker.sent(id);
    publisher
        .publish(
            Write.put(Topics.COMMANDS, Codecs.COMMANDS, command.target(), command, "issued", id))
        .toCompletableFuture()
        .join();
  }
}
