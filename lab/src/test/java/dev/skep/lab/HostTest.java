package dev.skep.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostTest {
  @Test
  void aNodeOfALabIsNotWhereLabsAreMade() {
    assertThat(Host.engine(Map.of("DOCKER_HOST", "unix:///run/skep-lab-two/manager-1.sock")))
        .isEqualTo(Host.LOCAL_ENGINE);
  }

  @Test
  void anEngineThatIsNamedIsTaken() {
    assertThat(Host.engine(Map.of("DOCKER_HOST", "unix:///run/other.sock")))
        .isEqualTo("unix:///run/other.sock");
    assertThat(Host.engine(Map.of())).isEqualTo(Host.LOCAL_ENGINE);
  }

  @Test
  void memoryIsReadInMebibytes() {
    assertThat(Host.availableMib(List.of("MemTotal: 9 kB", "MemAvailable:    2097152 kB")))
        .isEqualTo(2048);
  }
}
