package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.gate.Awaited;
import dev.skep.model.stack.Deployment.Step;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  private static final Pattern BACK = Pattern.compile("\u001b\\[(\\d+)F\u001b\\[J");

  private Terminal size;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private LiveView view(int rows, int columns) {
    size = new Terminal(rows, columns);
    PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new LiveView(terminal, terminal, () -> size);
  }

  private static Awaited.Service standing(String name, int replicas) {
    return new Awaited.Service(name, "1/%d running".formatted(replicas), "");
  }

  private static Awaited awaited(Awaited.Service... services) {
    return Awaited.first(List.of(services));
  }

  /** What a terminal shows by now. */
  private List<String> screen() {
    List<String> lines = new ArrayList<>();
    String text = bytes.toString(StandardCharsets.UTF_8);
    while (!text.isEmpty()) {
      Matcher back = BACK.matcher(text);
      if (back.lookingAt()) {
        int up = Integer.parseInt(back.group(1));
        lines.subList(lines.size() - up, lines.size()).clear();
        text = text.substring(back.end());
      } else {
        int end = text.indexOf('\n');
        lines.add(text.substring(0, end));
        text = text.substring(end + 1);
      }
    }
    return lines;
  }

  @Test
  void whatIsDoneStaysAndWhatIsWaitedForIsRedrawnBelowIt() {
    LiveView view = view(24, 80);
    view.step(new Step("service", "s_a", "created", ""));
    view.awaited(awaited(standing("s_a", 1), standing("s_web", 3)));
    view.step(new Step("service", "s_db", "created", "a warning\nand more"));
    view.step(new Step("service", "s_web", "awaited", ""));

    assertThat(screen())
        .containsExactly(
            "created service s_a",
            "created service s_db (a warning)",
            "  s_a    1/1 running",
            "  s_web  1/3 running");

    view.awaited(Awaited.NOTHING);

    assertThat(screen()).containsExactly("created service s_a", "created service s_db (a warning)");
  }

  @Test
  void aWarningStaysAboveWhatIsRedrawn() {
    LiveView view = view(24, 80);
    view.awaited(awaited(standing("s_a", 1)));

    view.warning("warning: no digest");

    assertThat(screen()).containsExactly("warning: no digest", "  s_a  1/1 running");
    view.awaited(Awaited.NOTHING);
    assertThat(screen()).containsExactly("warning: no digest");
  }

  @Test
  void nothingIsDrawnThatCouldNotBeTakenBack() {
    LiveView view = view(5, 20);

    view.awaited(
        awaited(
            IntStream.range(0, 9)
                .mapToObj(n -> standing("s_long_name_" + n, 3))
                .toArray(Awaited.Service[]::new)));

    assertThat(screen()).hasSizeLessThan(5).allMatch(l -> l.length() < 20);
    assertThat(screen().getLast()).isEqualTo("  ... and 6 more");

    size = new Terminal(12, 40);
    view.awaited(
        new Awaited(List.of(new Awaited.Service("s_web", "0/1 running", "no \u001b[2J")), 0));

    assertThat(screen())
        .as("the terminal's new size, and nothing that it would take for a command")
        .containsExactly("  s_web  0/1 running  no \\u001b[2J");
  }

  @Test
  void whatDidNotChangeIsNotDrawnAgain() {
    LiveView view = view(24, 80);
    view.awaited(awaited(standing("s_a", 1)));
    bytes.reset();

    view.awaited(awaited(standing("s_a", 1)));

    assertThat(bytes.size()).isZero();
  }
}
