package dev.skep.cli.stack;

import dev.skep.deployer.apply.ApplyListener;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.gate.Standing;
import dev.skep.model.stack.Deployment.Step;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployment on a terminal: what is done stays as a line, and below it each service that is
 * waited for has one that is redrawn in place.
 */
final class LiveView implements ApplyListener {
  private final PrintStream out;
  private final Terminal terminal;
  private List<String> shown = List.of();

  LiveView(PrintStream out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void step(Step step) {
    if (step.action().equals(ApplyResult.AWAITED)) {
      return;
    }
    List<String> below = shown;
    String text = back() + StackFiles.line(step) + "\n";
    draw(text, below);
  }

  @Override
  public void watching(List<Standing> services) {
    List<String> lines = new ArrayList<>();
    int room = Math.max(1, terminal.rows() - 2);
    int width = services.stream().mapToInt(s -> s.service().length()).max().orElse(0);
    for (Standing service : services) {
      if (lines.size() == room && services.size() > room) {
        lines.add(fit("  ... and %d more".formatted(services.size() - room)));
        break;
      }
      String cause = service.causes().isEmpty() ? "" : "  " + service.causes().getFirst();
      String name = service.service() + " ".repeat(width - service.service().length());
      lines.add(fit("  " + name + "  " + service.words() + cause));
    }
    if (!lines.equals(shown)) {
      draw(back(), lines);
    }
  }

  /** What would wrap around could not be taken back. */
  private String fit(String line) {
    return line.length() < terminal.columns() ? line : line.substring(0, terminal.columns() - 1);
  }

  /** To the beginning of the line so many above, and all below it away. */
  private String back() {
    return shown.isEmpty() ? "" : "\u001b[%dF\u001b[J".formatted(shown.size());
  }

  /** In one piece, so that nothing flickers. */
  private void draw(String first, List<String> lines) {
    StringBuilder text = new StringBuilder(first);
    lines.forEach(line -> text.append(line).append('\n'));
    out.print(text);
    out.flush();
    shown = List.copyOf(lines);
  }
}
