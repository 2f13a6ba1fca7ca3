package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.gate.Awaited;
import dev.skep.model.stack.Deployment.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisplayStreamTest {
  private static final Step CREATED = new Step("service", "s_web", "created", "");
  private static final Awaited WEB =
      new Awaited(List.of(new Awaited.Service("s_web", "0/1 running", "no such image")), 3);

  private final List<Object> shown = new ArrayList<>();

  private final DisplayStream.Reader reader =
      new DisplayStream.Reader(
          new Display() {
            @Override
            public void line(String text) {
              shown.add(text);
            }

            @Override
            public void warning(String text) {
              shown.add("warned " + text);
            }

            @Override
            public void step(Step step) {
              shown.add(step);
            }

            @Override
            public void awaited(Awaited services) {
              shown.add(services);
            }
          });

  private void write(String text) throws IOException {
    reader.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsWrittenAtOneEndIsShownAtTheOther() throws Exception {
    List<String> lines = new ArrayList<>();
    Display writer = DisplayStream.writer(lines::add);
    writer.step(CREATED);
    writer.awaited(WEB);
    writer.line("the deployer does not answer for now");
    writer.awaited(Awaited.NOTHING);

    for (String line : lines) {
      write(line);
    }

    assertThat(shown)
        .containsExactly(CREATED, WEB, "the deployer does not answer for now", Awaited.NOTHING);
  }

  @Test
  void whoFollowsAgainShowsNoStepTwiceAndHowFarServicesAreEachTime() throws Exception {
    Display writer =
        DisplayStream.writer(
            line -> {
              writeUnchecked(line);
              writeUnchecked(line);
            });

    writer.step(CREATED);
    writer.awaited(WEB);
    writer.warning("warning: no digest");
    writer.line("a line");

    assertThat(shown).containsExactly(CREATED, WEB, WEB, "warned warning: no digest", "a line");
  }

  @Test
  void aStepOfAnotherVersionsLineIsNotShownAgainAsARecord() throws Exception {
    write("created service s_web");
    DisplayStream.writer(line -> writeUnchecked(line)).step(CREATED);

    assertThat(shown).containsExactly("created service s_web");
  }

  @Test
  void whatIsNotKnownIsNotShownAndWhatWasCutOffIsNoPartOfWhatComes() throws Exception {
    write("\u001e{\"of a later version\": 1}");
    write("\u001e{\"awaited\": {\"services\": 3}}");
    reader.write("\u001e{\"step\": {\"kind".getBytes(StandardCharsets.UTF_8));
    reader.anew();
    write("created service s_web");
    write("");

    assertThat(shown).containsExactly("created service s_web", "");
  }

  @Test
  void noCommandToATerminalComesThrough() throws Exception {
    write("a \u001b[2J line");

    assertThat(shown).containsExactly("a \\u001b[2J line");
  }

  private void writeUnchecked(String text) {
    try {
      write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
