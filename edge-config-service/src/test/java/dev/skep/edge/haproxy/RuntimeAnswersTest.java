package dev.skep.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.edge.haproxy.ProxyState.Mode;
import dev.skep.edge.haproxy.ProxyState.Server;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeAnswersTest {
  private static final String SERVERS =
      """
      1
      # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_port
      5 other 1 s1 127.0.0.1 2 0 1 80
      6 b_x 1 t_1 127.0.0.1 2 0 1 81
      6 b_x 2 t_2 127.0.0.1 2 0 0 82
      6 b_x 3 t_3 ::1 0 1 1 83
      """;

  @Test
  void servers_are_ready_draining_or_retired_and_others_backends_are_not_ours() {
    Map<String, ?> servers = RuntimeAnswers.servers(SERVERS);

    assertThat(servers)
        .isEqualTo(
            Map.of(
                "b_x",
                Map.of(
                    "t_1", new Server("127.0.0.1", 81, Mode.READY),
                    "t_2", new Server("127.0.0.1", 82, Mode.DRAIN),
                    "t_3", new Server("::1", 83, Mode.RETIRED))));
  }

  @Test
  void a_key_that_is_there_twice_equals_no_wanted_value() {
    Map<String, String> map = RuntimeAnswers.map("0x1 a.test/ b_x\n0x2 a.test/ b_y\n\n");

    assertThat(map).containsExactly(Map.entry("a.test/", "(twice)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Server b_x/t_1 is DOWN, reason: Layer4 connection problem.\n",
        "backend 'b_x' has no server available!\n",
      })
  void what_the_worker_logs_meanwhile_is_no_error(String answer) {
    boolean succeeded = RuntimeCommand.silent("set weight b_x/t_1 0").succeeded(answer);

    assertThat(succeeded).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"No such backend.\n", "Can't find backend.\n", "Key not found.\n"})
  void an_error_is_recognized_by_being_an_answer_at_all(String answer) {
    boolean succeeded = RuntimeCommand.silent("set weight b_x/t_1 0").succeeded(answer);

    assertThat(succeeded).isFalse();
  }

  @Test
  void a_command_shows_nothing_of_its_payload() {
    RuntimeCommand command =
        RuntimeCommand.payload("set ssl cert x", "-----BEGIN PRIVATE KEY-----\nabc\n", "");

    String shown = command.toString();

    assertThat(shown).isEqualTo("set ssl cert x <<");
  }
}
