package dev.skep.deployer.revision;

import static dev.skep.deployer.revision.SomeRevisions.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Revision.FileUse;
import dev.skep.model.stack.Revision.Image;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RollbackTest {
  private static final String LABELS = "'Labels':{'com.docker.stack.namespace':'s'}";
  private static final String PINNED = "a:1@sha256:" + "0".repeat(64);

  private static ObjectNode service(String image, String secret, String placement) {
    return json(
        ("{'Name':'s_web','Labels':{'com.docker.stack.namespace':'s',"
                + "'com.docker.stack.image':'a:1'},'TaskTemplate':{'ContainerSpec':{'Image':'%s',"
                + "'Secrets':[{'File':{'Name':'pw'},'SecretName':'%s'}]},'Placement':%s}}")
            .formatted(image, secret, placement));
  }

  private static StackBody body(ApplyOptions options, String secretData) {
    return new StackBody(
        "s",
        new StackObjects(
            List.of(),
            List.of(json("{'Name':'s_pw'," + LABELS + secretData + "}")),
            List.of(),
            List.of(service("a:1", "s_pw", "{}"))),
        options);
  }

  private static LiveStack live(ObjectNode spec) {
    ObjectNode service = json("{'ID':'w'}");
    service.set("Spec", spec);
    JsonNode secret = json("{'ID':'x','Spec':{'Name':'s_pw-12345678'}}");
    return new LiveStack(List.of(service), List.of(secret), List.of(), List.of(), Map.of());
  }

  private static Revision good(StackBody body, LiveStack live) {
    return SomeRevisions.revision(1, Phase.RUNNING, false, 0, List.of("web"), List.of())
        .ended(
            "",
            Instant.EPOCH,
            null,
            RanImages.of(body.objects(), live.services()),
            UsedFiles.of(body.objects(), live));
  }

  @Test
  void runsTheImageThatRanThenOnThePlatformsOfThatTime() {
    StackBody body = body(ApplyOptions.defaults(), ",'Data':'eA=='");
    Revision revision =
        good(body, live(service(PINNED, "s_pw-12345678", "{'Platforms':[{'OS':'linux'}]}")));

    StackBody back = Rollback.to(revision, List.of(revision), body);

    assertThat(revision.images())
        .containsExactly(
            new Image(PINNED, json("{'p':[{'OS':'linux'}]}").get("p"), List.of("s_web")));
    JsonNode task = back.objects().services().getFirst().path("TaskTemplate");
    assertThat(task.at("/ContainerSpec/Image").asText()).isEqualTo(PINNED);
    assertThat(task.at("/Placement/Platforms/0/OS").asText()).isEqualTo("linux");
    assertThat(
            body.objects().services().getFirst().at("/TaskTemplate/ContainerSpec/Image").asText())
        .as("the kept body is not changed")
        .isEqualTo("a:1");
  }

  @Test
  void anImageWithoutADigestAndOneThatSomebodyElsePutThereAreNotNoted() {
    StackBody body = body(ApplyOptions.defaults(), ",'Data':'eA=='");
    ObjectNode other = service(PINNED, "s_pw", "{}");
    ((ObjectNode) other.get("Labels")).put("com.docker.stack.image", "b:2");

    assertThat(good(body, live(service("a:1", "s_pw", "{}"))).images()).isEmpty();
    assertThat(good(body, live(other)).images()).isEmpty();
  }

  @Test
  void aRestorationRunsWhatRanAndNothingElse() {
    ApplyOptions options =
        new ApplyOptions(true, ResolveImage.ALWAYS, Map.of(), true, true).with(Heal.RESTORE);
    StackBody body = body(options, ",'Data':'eA=='");
    Revision revision = good(body, live(service(PINNED, "s_pw-12345678", "{}")));

    StackBody again = Repeat.of(revision, body);

    assertThat(again.options()).isEqualTo(options);
    assertThat(Repeat.sent(again.options()))
        .isEqualTo(
            new ApplyOptions(false, ResolveImage.NEVER, Map.of(), false, true)
                .detached()
                .with(Heal.RESTORE));
    assertThat(again.origin().rollbackOf()).isEqualTo(1);
    assertThat(again.origin().leaving()).isEmpty();
    JsonNode task = again.objects().services().getFirst().path("TaskTemplate");
    assertThat(task.at("/ContainerSpec/Image").asText()).isEqualTo(PINNED);
    assertThat(again.objects().secrets()).isEqualTo(body.objects().secrets());
  }

  @Test
  void whatIsTakenOverUsesTheObjectsThatStoodForSecretsWithoutContent() {
    StackBody body = body(ApplyOptions.defaults().with(Heal.RESTORE), "");
    Revision deployed = good(body, live(service(PINNED, "s_pw-12345678", "{}")));

    StackBody over = Repeat.over(deployed, body);

    assertThat(over.objects().secrets()).isEmpty();
    JsonNode container = over.objects().services().getFirst().at("/TaskTemplate/ContainerSpec");
    assertThat(container.at("/Secrets/0/SecretName").asText()).isEqualTo("s_pw-12345678");
    assertThat(container.path("Image").asText()).isEqualTo(PINNED);
    assertThat(over.options()).isEqualTo(body.options());
    assertThat(over.origin().rollbackOf()).isZero();
  }

  @Test
  void neitherPrunesNorIsTakenBackItself() {
    ApplyOptions options = new ApplyOptions(true, ResolveImage.CHANGED, Map.of(), true, true);
    StackBody body = body(options, ",'Data':'eA=='");
    Revision revision = good(body, live(service("a:1", "s_pw", "{}")));
    Revision later =
        SomeRevisions.revision(2, Phase.SUCCEEDED, false, 0, List.of("web", "new"), List.of());

    StackBody back = Rollback.to(revision, List.of(later, revision), body);

    assertThat(back.options())
        .isEqualTo(new ApplyOptions(false, ResolveImage.CHANGED, Map.of(), true, false));
    assertThat(back.origin().rollbackOf()).isEqualTo(1);
    assertThat(back.origin().leaving()).containsExactly("new");
  }

  @Test
  void aSecretWithItsContentIsMadeAgainIfNeedBe() {
    StackBody body = body(ApplyOptions.defaults(), ",'Data':'eA=='");
    Revision revision = good(body, live(service("a:1", "s_pw-12345678", "{}")));

    assertThat(Rollback.to(revision, List.of(revision), body).objects().secrets())
        .isEqualTo(body.objects().secrets());
    assertThat(UsedFiles.missing(body.objects(), revision.files(), Set.of())).isEmpty();
  }

  @Test
  void aSecretThatWasKeptWithoutItsContentIsTheObjectOfThatTime() {
    StackBody body = body(ApplyOptions.defaults(), "");
    Revision revision = good(body, live(service("a:1", "s_pw-12345678", "{}")));

    StackObjects back = Rollback.to(revision, List.of(revision), body).objects();

    assertThat(revision.files()).containsExactly(new FileUse("secret", "s_pw", "s_pw-12345678"));
    assertThat(back.secrets()).isEmpty();
    assertThat(
            back.services()
                .getFirst()
                .at("/TaskTemplate/ContainerSpec/Secrets/0/SecretName")
                .asText())
        .isEqualTo("s_pw-12345678");
    assertThat(UsedFiles.missing(body.objects(), revision.files(), Set.of("s_pw-12345678")))
        .isEmpty();
    assertThat(UsedFiles.missing(body.objects(), revision.files(), Set.of("s_pw")))
        .containsExactly("s_pw-12345678");
  }

  @Test
  void aSecretsContentIsNotInWhatIsKeptWithoutSecrets() {
    StackBody body = body(ApplyOptions.defaults(), ",'Data':'aHVudGVyMg=='");

    StackObjects plain = UsedFiles.withoutSecrets(body.objects());

    assertThat(plain.toJson().toString()).contains("s_pw").doesNotContain("aHVudGVyMg");
    assertThat(body.objects().toJson().toString()).contains("aHVudGVyMg");
  }

  @Test
  void aPackedBodyComesBackAsItWas() {
    StackBody body = body(ApplyOptions.defaults(), ",'Data':'eA=='");

    assertThat(PackedBody.unpack(PackedBody.pack(body))).isEqualTo(body);
    assertThatThrownBy(() -> PackedBody.unpack(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatCannotBeGoneBackToIsSaidWithWhatCan() {
    List<Revision> kept = SomeRevisions.of("good", "gone", "good");

    assertThatThrownBy(() -> Rollback.target("s", kept, 7))
        .hasMessage("revision 7 of stack s is not kept; kept are 1, 2, 3");
    assertThatThrownBy(() -> Rollback.target("s", kept, 2)).hasMessageContaining("stack rm");
    assertThatThrownBy(() -> Rollback.target("s", SomeRevisions.of("good"), 0))
        .hasMessageContaining("no good revision before the current one; kept are 1");
    assertThatThrownBy(() -> Rollback.target("s", List.of(), 0))
        .hasMessageContaining("no revision of stack s");
  }
}
