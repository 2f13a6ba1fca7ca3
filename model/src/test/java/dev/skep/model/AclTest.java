package dev.skep.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Principal;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AclTest {
  /** Whoever widens a right sees it here. */
  private static final String RIGHTS =
      """
      inventory may READ topic skep.observations
      inventory may READ topic skep.nodes
      inventory may WRITE topic skep.nodes
      inventory may READ topic skep.services
      inventory may WRITE topic skep.services
      inventory may READ topic skep.tasks
      inventory may WRITE topic skep.tasks
      inventory may READ topic skep.networks
      inventory may WRITE topic skep.networks
      inventory may READ topic skep.tokens
      inventory may WRITE topic skep.dead-letters
      inventory may WRITE transactional id skep.inventory
      node-agent may WRITE topic skep.observations
      deployer may READ topic skep.services
      deployer may READ topic skep.stacks
      deployer may WRITE topic skep.stacks
      deployer may READ topic skep.deployments
      deployer may WRITE topic skep.deployments
      deployer may READ topic skep.revisions
      deployer may WRITE topic skep.revisions
      deployer may READ topic skep.tokens
      deployer may WRITE topic skep.tokens
      deployer may READ topic skep.commands
      deployer may WRITE topic skep.commands
      deployer may WRITE topic skep.dead-letters
      deployer may WRITE transactional id skep.deployer
      deployer may READ group skep.deployer.*
      edge-config may READ topic skep.services
      edge-config may READ topic skep.tasks
      edge-config may READ topic skep.networks
      edge-config may READ topic skep.tokens
      edge-config may READ topic skep.routes
      edge-config may WRITE topic skep.routes
      edge-config may DESCRIBE topic skep.certificates
      edge-config may WRITE topic skep.commands
      edge-config may WRITE topic skep.dead-letters
      edge-config may WRITE transactional id skep.edge-config
      edge-agent may READ topic skep.routes
      edge-agent may WRITE topic skep.edge.status
      edge-agent may READ topic skep.certificates
      edge-agent may READ topic skep.commands
      edge-agent may WRITE topic skep.dead-letters
      edge-agent may WRITE transactional id skep.edge-agent-*
      edge-agent may READ group skep.edge-agent-*
      cert may READ topic skep.tokens
      cert may READ topic skep.routes
      cert may READ topic skep.edge.status
      cert may READ topic skep.certificates
      cert may WRITE topic skep.certificates
      cert may WRITE topic skep.dead-letters
      cert may WRITE transactional id skep.cert
      monitor may READ topic skep.nodes
      monitor may READ topic skep.services
      monitor may READ topic skep.tasks
      monitor may READ topic skep.networks
      monitor may READ topic skep.stacks
      monitor may READ topic skep.deployments
      monitor may READ topic skep.tokens
      monitor may READ topic skep.routes
      monitor may READ topic skep.edge.status
      monitor may READ topic skep.certificates
      monitor may WRITE topic skep.dead-letters
      """;

  @Test
  void eachPrincipalMayDoThisAndNothingElse() {
    assertThat(Acl.all().stream().map(Acl::toString).collect(Collectors.joining("\n", "", "\n")))
        .isEqualTo(RIGHTS);
  }

  @Test
  void stateHasOneWriter() {
    assertThat(Topics.all())
        .filteredOn(TopicSpec::compacted)
        .allSatisfy(topic -> assertThat(topic.writers()).as(topic.name()).hasSize(1));
  }

  @Test
  void everyTopicHasSomeoneWhoWritesIt() {
    assertThat(Topics.all()).allSatisfy(t -> assertThat(t.writers()).as(t.name()).isNotEmpty());
  }

  @Test
  void aPrincipalUsesTheTopicsThatItHasARightOn() {
    assertThat(Topics.usedBy(Principal.EDGE_CONFIG))
        .extracting(TopicSpec::name)
        .containsExactly(
            "skep.services",
            "skep.tasks",
            "skep.networks",
            "skep.tokens",
            "skep.routes",
            "skep.certificates",
            "skep.commands",
            "skep.dead-letters");
  }

  @Test
  void aPrincipalIsFoundByTheNameInItsCertificate() {
    assertThat(Principal.named("edge-agent")).contains(Principal.EDGE_AGENT);
    assertThat(Principal.named("admin")).isEmpty();
  }
}
