package dev.skep.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  @Test
  void nodesAndAddressesAreThoseOfTheContract() {
    String nodes =
        Shape.DEFAULT.nodes().stream()
            .map(node -> node.name() + " " + Subnet.DEFAULT.of(node))
            .collect(Collectors.joining("\n"));

    assertThat(nodes)
        .isEqualTo(
            """
            manager-1 172.30.84.11
            manager-2 172.30.84.12
            manager-3 172.30.84.13
            worker-1 172.30.84.21
            worker-2 172.30.84.22
            edge-1 172.30.84.31
            edge-2 172.30.84.32""");
    assertThat(Subnet.DEFAULT.vip()).isEqualTo("172.30.84.100");
  }

  @Test
  void aShapeIsReadAsItIsWritten() {
    assertThat(Shape.parse(Shape.DEFAULT.toString())).isEqualTo(Shape.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({"0,0,0,--managers", "2,0,0,--managers", "1,10,0,--workers", "1,0,-1,--edges"})
  void whatCannotBeIsRefusedByOption(int managers, int workers, int edges, String option) {
    assertThatThrownBy(() -> new Shape(managers, workers, edges))
        .isInstanceOf(LabException.class)
        .hasMessageContaining(option);
  }

  @ParameterizedTest
  @ValueSource(strings = {"172.30.84.0/16", "172.30.84.1/24", "300.1.1.0/24", "fd00::/64", ""})
  void onlyASlash24IsANetwork(String cidr) {
    assertThatThrownBy(() -> Subnet.parse(cidr)).hasMessageContaining("--subnet");
  }

  @ParameterizedTest
  @CsvSource({"skep-lab,skep-lab", "two,skep-lab-two", "skep-lab-two,skep-lab-two"})
  void everyNameBeginsAlike(String given, String full) {
    assertThat(LabSpec.fullName(given)).isEqualTo(full);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../etc", "a b", "Two", "seventeenletters17", "skep-lab-"})
  void aNameThatCouldLeadElsewhereIsRefused(String given) {
    assertThatThrownBy(() -> LabSpec.fullName(given)).hasMessageContaining("--name");
  }
}
