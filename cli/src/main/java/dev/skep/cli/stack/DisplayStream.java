package dev.skep.cli.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.gate.Awaited;
import dev.skep.model.Json;
import dev.skep.model.stack.Deployment.Step;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A display at the other end of a pipe: the command inside the cluster writes, the one outside
 * shows. Lines of text are just that; what is more is JSON after a record separator, as in <a
 * href="https://www.rfc-editor.org/rfc/rfc7464">RFC 7464</a>. Who is not asked for that writes
 * lines alone, and so does a version that does not know how to.
 */
final class DisplayStream {
  /** In the environment of the command inside: there is a terminal at the other end. */
  static final String LIVE = "SKEP_LIVE";

  private static final char SEPARATOR = '\u001e';

  private DisplayStream() {}

  /** The end that writes. */
  static Display writer(Consumer<String> out) {
    return new Display() {
      @Override
      public void line(String text) {
        out.accept(text);
      }

      @Override
      public void warning(String text) {
        write("warning", text);
      }

      @Override
      public void step(Step step) {
        write("step", step);
      }

      @Override
      public void awaited(Awaited services) {
        write("awaited", services);
      }

      @Override
      public boolean live() {
        return true;
      }

      private void write(String field, Object value) {
        ObjectNode record = Json.mapper().createObjectNode();
        record.set(field, Json.mapper().valueToTree(value));
        out.accept(SEPARATOR + record.toString());
      }
    };
  }

  /**
   * The end that shows: each line and each step once, since who follows again begins with what was
   * told before.
   */
  static final class Reader extends OutputStream {
    private final Display display;
    private final Set<String> seen = new HashSet<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Reader(Display display) {
      this.display = display;
    }

    /** Who writes begins anew: what was cut off is not a part of what comes. */
    void anew() {
      line.reset();
    }

    @Override
    public void write(int b) {
      if (b != '\n') {
        line.write(b);
        return;
      }
      String text = line.toString(StandardCharsets.UTF_8);
      line.reset();
      if (text.isEmpty() || text.charAt(0) != SEPARATOR) {
        once(PlanText.visible(text), display::line);
        return;
      }
      try {
        show(Json.mapper().readTree(text.substring(1)));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        // What another version writes, and this one does not know, is not for people.
      }
    }

    private void show(JsonNode record) {
      if (record.has("awaited")) {
        display.awaited(Json.mapper().convertValue(record.path("awaited"), Awaited.class));
      } else if (record.has("step")) {
        Step step = Json.mapper().convertValue(record.path("step"), Step.class);
        // By its line: the container before this one may have been of a version that writes those.
        once(StackFiles.line(step), line -> display.step(step));
      } else if (record.has("warning")) {
        once(PlanText.visible(record.path("warning").asText()), display::warning);
      }
    }

    private void once(String text, Consumer<String> how) {
      if (seen.add(text)) {
        how.accept(text);
      }
    }
  }
}
