package dev.skep.cli.stack;

import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.gate.Awaited;
import dev.skep.model.stack.Deployment.Step;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployment on a terminal: what is done stays as a line, and below it each service that is
 * waited for has one that is redrawn in place.
 */
final class LiveView implements Display {
  private final PrintStream out;
  private final Terminal terminal;
  private List<String> shown = List.of();

  LiveView(PrintStream out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public boolean live() {
    return true;
  }

  @Override
  public void line(String text) {
    draw(back() + text + "\n", shown);
  }

  @Override
  public void step(Step step) {
    if (!step.action().equals(ApplyResult.AWAITED)) {
      line(StackFiles.line(step));
    }
  }

  @Override
  public void awaited(Awaited awaited) {
    List<Awaited.Service> services = awaited.services();
    List<String> lines = new ArrayList<>();
    int room = Math.max(1, terminal.rows() - 2);
    int all = services.size() + awaited.more();
    int width = services.stream().mapToInt(s -> s.name().length()).max().orElse(0);
    for (Awaited.Service service : services.subList(0, Math.min(room, services.size()))) {
      String cause = service.cause().isEmpty() ? "" : "  " + service.cause();
      String name = service.name() + " ".repeat(width - service.name().length());
      lines.add(fit("  " + name + "  " + service.words() + cause));
    }
    if (all > lines.size()) {
      lines.add(fit("  ... and %d more".formatted(all - lines.size())));
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
