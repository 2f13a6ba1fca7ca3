package dev.skep.deployer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.image.ImageGate;
import dev.skep.deployer.image.policy.RolledBody;
import dev.skep.deployer.image.policy.RolledBody.NewImage;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Stack;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** The way of followed images into the deployer: that of every other command. */
final class RollGate implements ImageGate {
  /** Who asks. */
  static final String BY = "registry";

  private final TopicView<Stack> stacks;
  private final TopicView<Deployment> deployments;
  private final RevisionStore revisions;
  private final BooleanSupplier folding;
  private final PrivateKeyRing keys;
  private final EngineClient engine;
  private final CommandSender sender;

  RollGate(
      TopicView<Stack> stacks,
      TopicView<Deployment> deployments,
      RevisionStore revisions,
      BooleanSupplier folding,
      PrivateKeyRing keys,
      EngineClient engine,
      CommandSender sender) {
    this.stacks = stacks;
    this.deployments = deployments;
    this.revisions = revisions;
    this.folding = folding;
    this.keys = keys;
    this.engine = engine;
    this.sender = sender;
  }

  @Override
  public boolean ready() {
    return stacks.ready() && deployments.ready() && revisions.ready() && folding.getAsBoolean();
  }

  @Override
  public Set<String> stacks() {
    Set<String> names = new TreeSet<>();
    stacks.values().values().stream().filter(s -> !s.removed()).forEach(s -> names.add(s.name()));
    return names;
  }

  @Override
  public OptionalLong revision(String stack) {
    return SealedBodies.desired(stacks, stack).stream().mapToLong(Stack::revision).findFirst();
  }

  @Override
  public Optional<StackBody> body(String stack, long revision) {
    return SealedBodies.desired(stacks, stack)
        .filter(s -> s.revision() == revision)
        .map(s -> SealedBodies.open(s, keys));
  }

  @Override
  public boolean ended(String stack, long revision) {
    return deployments
        .get(stack + "/" + revision)
        .filter(d -> d.phase() != Phase.RUNNING)
        .isPresent();
  }

  @Override
  public List<Revision> revisions(String stack) {
    return revisions.of(stack);
  }

  @Override
  public Map<String, String> running(String stack) {
    Map<String, String> images = new TreeMap<>();
    for (JsonNode service :
        engine.services(false, Filters.of("label", Namespace.LABEL + "=" + stack))) {
      images.put(LiveStack.nameOf(service), ImagePins.image(service.path("Spec")));
    }
    return images;
  }

  @Override
  public Optional<String> rejected(String command) {
    return sender.rejected(command);
  }

  @Override
  public void roll(String command, String stack, long revision, Map<String, NewImage> images) {
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("stack", stack).put("revision", revision);
    body.set("images", RolledBody.toJson(images));
    sender.send(command, StackFolder.IMAGE, BY, body, null);
  }
}
