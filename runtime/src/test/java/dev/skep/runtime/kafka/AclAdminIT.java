package dev.skep.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Topics;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.SecuredBroker;
import dev.skep.testing.WithKafka;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithKafka
class AclAdminIT {
  @TempDir static Path dir;
  private static SecuredBroker broker;
  private static KafkaConfig admin;

  private final KafkaTest open;

  AclAdminIT(KafkaTest open) {
    this.open = open;
  }

  @BeforeAll
  static void start() {
    broker = SecuredBroker.start(dir);
    admin = new KafkaConfig(broker.bootstrapServers(), broker.client("admin"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void exactlyTheTablesRights() {
    AclAdmin.ensure(admin, Acl.all());
  }

  @Test
  void rightsThatAreThereAreLeftAsTheyAre() {
    AclAdmin.Changes again = AclAdmin.ensure(admin, Acl.all());

    assertThat(again.made()).isEmpty();
    assertThat(again.removed()).isEmpty();
    assertThat(again.unchanged()).isEqualTo(Acl.all().size());
  }

  @Test
  void aRightThatNoTableHasIsTakenFromOurPrincipalsAndLeftToOthers() throws Exception {
    AclBinding surplus = right("User:monitor", "skep.nodes", AclOperation.WRITE);
    AclBinding foreign = right("User:grafana", "skep.nodes", AclOperation.READ);
    AclBinding everyone = right("User:*", "skep.nodes", AclOperation.DESCRIBE);
    try (Admin client = AdminCalls.open(admin)) {
      client.createAcls(List.of(surplus, foreign, everyone)).all().get();
      KafkaFixture.await().until(() -> rights(client).containsAll(List.of(surplus, foreign)));

      AclAdmin.Changes changes = AclAdmin.ensure(admin, Acl.all());

      assertThat(changes.removed()).containsExactly("monitor may WRITE topic skep.nodes");
      assertThat(changes.forEveryone()).containsExactly("* may DESCRIBE topic skep.nodes");
      assertThat(rights(client)).contains(foreign, everyone).doesNotContain(surplus);

      client.deleteAcls(List.of(foreign.toFilter(), everyone.toFilter())).all().get();
    }
  }

  @Test
  void aRightThatIsMissingIsGivenAgain() throws Exception {
    AclBinding lost = right("User:cert", "skep.routes", AclOperation.READ);
    try (Admin client = AdminCalls.open(admin)) {
      client.deleteAcls(List.of(lost.toFilter())).all().get();
      KafkaFixture.await().until(() -> !rights(client).contains(lost));

      AclAdmin.Changes changes = AclAdmin.ensure(admin, Acl.all());

      assertThat(changes.made()).containsExactly("cert may READ topic skep.routes");
      assertThat(rights(client)).contains(lost);
    }
  }

  @Test
  void whoIsNoSuperUserIsToldWhatIsMissing() {
    KafkaConfig cert = new KafkaConfig(broker.bootstrapServers(), broker.client("cert"));

    assertThatThrownBy(() -> AclAdmin.ensure(cert, Acl.all()))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("may not see and change access rules")
        .hasMessageContaining("super.users");
    assertThatThrownBy(() -> TopicAdmin.ensure(cert, Topics.all()))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("cannot be made");
  }

  @Test
  void aBrokerWithoutAccessRulesIsTold() {
    KafkaConfig unprotected = KafkaConfig.of(open.bootstrapServers());

    assertThatThrownBy(() -> AclAdmin.ensure(unprotected, Acl.all()))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("has no authorizer")
        .hasMessageContaining("StandardAuthorizer");
  }

  private static List<AclBinding> rights(Admin client) throws Exception {
    return List.copyOf(client.describeAcls(AclBindingFilter.ANY).values().get());
  }

  private static AclBinding right(String who, String topic, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry(who, "*", operation, AclPermissionType.ALLOW));
  }
}
