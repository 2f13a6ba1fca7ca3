package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StackServicesTest {
  private final StackServices shop = StackServices.of("shop", Specs.shop());

  @Test
  void anUnknownStackIsMetWithThoseThatThereAre() {
    assertThatThrownBy(() -> StackServices.of("shpo", Specs.shop()))
        .isInstanceOfSatisfying(CliException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessage("there is no stack shpo; the stacks are blog, shop");
    assertThatThrownBy(() -> StackServices.of("shop", List.of()))
        .hasMessageContaining("there are none");
  }

  @Test
  void servicesAreNamedWithOrWithoutTheirStack() {
    assertThat(shop.select(List.of("web", "shop_agent")).byName())
        .containsOnlyKeys("shop_agent", "shop_web");
    assertThat(shop.select(List.of()).byName()).hasSize(3);
  }

  @Test
  void everyUnknownServiceIsNamedWithThoseThatThereAre() {
    assertThatThrownBy(() -> shop.select(List.of("wbe", "web", "blog_web")))
        .isInstanceOf(CliException.class)
        .hasMessage("stack shop has no service wbe, blog_web; its services are agent, backup, web");
  }

  @Test
  void replicatedServicesAreScaled() {
    // Given
    ObjectNode spec = shop.byName().get("shop_web").path("Spec").deepCopy();

    // When
    List<Scaling> plan = Scaling.plan(shop, List.of("web=5"));

    // Then
    assertThat(plan).containsExactly(new Scaling("SHOP_WEB", "shop_web", 5));
    assertThat(plan.getFirst().set(spec)).isTrue();
    assertThat(Scaling.replicasOf(spec)).isEqualTo(5);
    assertThat(plan.getFirst().set(spec)).isFalse();
  }

  @Test
  void everythingThatCannotBeScaledIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                Scaling.plan(
                    shop, List.of("web=1", "shop_web=2", "agent=2", "backup=2", "wbe=1", "web=-1")))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("service shop_web is named more than once")
        .hasMessageContaining("service shop_agent is global")
        .hasMessageContaining("service shop_backup is a job")
        .hasMessageContaining("no service wbe")
        .hasMessageContaining("'web=-1' is not understood");
  }

  @Test
  void aRestartOfAllLeavesJobsAloneAndARestartOfAJobIsRefused() {
    // Given
    List<String> told = new ArrayList<>();

    // When
    StackServices plan = Restart.plan(shop, List.of(), told::add);

    // Then
    assertThat(plan.byName()).containsOnlyKeys("shop_agent", "shop_web");
    assertThat(told).singleElement().asString().contains("shop_backup");
    assertThatThrownBy(() -> Restart.plan(shop, List.of("web", "backup"), told::add))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("shop_backup");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2, NOT_BEGUN",
    "'', 0, DONE",
    "updating, 2, UNDER_WAY",
    "completed, 2, DONE",
    "paused, 2, FAILED",
    "rollback_started, 2, UNDER_WAY",
    "rollback_completed, 2, FAILED",
    "rollback_paused, 2, FAILED"
  })
  void anUpdateIsFollowedByWhatSwarmTells(String state, int desired, UpdateState expected) {
    // Given
    String status = state.isEmpty() ? "{}" : "{'State':'%s','StartedAt':'2026'}".formatted(state);
    JsonNode service =
        Specs.json(
            "{'UpdateStatus':%s,'ServiceStatus':{'DesiredTasks':%d}}".formatted(status, desired));

    // Then
    assertThat(UpdateState.of(service, "2025")).isEqualTo(expected);
  }

  @Test
  void theUpdateBeforeThisOneSaysNothing() {
    JsonNode service =
        Specs.json(
            "{'UpdateStatus':{'State':'paused','StartedAt':'2025'},'ServiceStatus':{'DesiredTasks':1}}");

    assertThat(UpdateState.of(service, "2025")).isEqualTo(UpdateState.NOT_BEGUN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ps shop --all --no-trunc --json",
        "logs shop web agent -f --tail 20 --since 1h30m --timestamps",
        "scale shop web=2 agent=1 --detach --timeout 10s",
        "restart shop web --detach"
      })
  void theCommandsTakeTheirOptions(String line) {
    CommandLine stack = new CommandLine(new StackCommand());

    CommandLine.ParseResult parsed = stack.parseArgs(line.split(" ", -1));

    assertThat(parsed.subcommand().errors()).isEmpty();
    assertThat(parsed.subcommand().unmatched()).isEmpty();
  }
}
