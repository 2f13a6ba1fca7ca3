package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonTest {
  @Test
  void itIsTheUserOnTheMachine() {
    assertThat(Person.of(Map.of(), "anna", "manager-1")).isEqualTo("anna@manager-1");
  }

  @Test
  void whoBecameRootIsTheOneBefore() {
    assertThat(Person.of(Map.of("SUDO_USER", "anna"), "root", "m")).isEqualTo("anna@m");
    assertThat(Person.of(Map.of("SUDO_USER", "anna"), "ben", "m")).isEqualTo("ben@m");
    assertThat(Person.of(Map.of(), "root", "m")).isEqualTo("root@m");
  }

  @Test
  void insideTheClusterItIsWhoTypedItOutside() {
    Map<String, String> inside = Map.of("SKEP_IN_CLUSTER", "true");
    Map<String, String> told = Map.of("SKEP_IN_CLUSTER", "true", "SKEP_USER", "anna@laptop");

    assertThat(Person.of(inside, "skep", "0123456789ab")).isEmpty();
    assertThat(Person.of(told, "skep", "0123456789ab")).isEqualTo("anna@laptop");
  }

  @ParameterizedTest
  @CsvSource({
    "CORP\\anna, m, CORP_anna@m",
    "jürgen, m, j_rgen@m",
    "a b(c), '', a_b_c_",
    "'', '', ''"
  })
  void itIsNoMoreThanAName(String user, String host, String person) {
    assertThat(Person.of(Map.of(), user, host)).isEqualTo(person);
  }

  @Test
  void itHasAnEnd() {
    assertThat(Person.of(Map.of(), "a".repeat(500), "m")).hasSize(100);
  }
}
