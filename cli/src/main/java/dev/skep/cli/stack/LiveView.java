package dev.skep.cli.stack;

import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.gate.Awaited;
import dev.skep.model.stack.Deployment.Step;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A deployment on a terminal: what is done stays as a line, and below it each service that is
 * waited for has one that is redrawn in place.
 */
final class LiveView implements Display {
  private final PrintStream out;
  private final PrintStream err;
  private final Supplier<Terminal> size;
  private List<String> shown = List.of();

  /**
   * A view.
   *
   * @param err for warnings
   * @param size of the terminal now
   */
  LiveView(PrintStream out, PrintStream err, Supplier<Terminal> size) {
    this.out = out;
    this.err = err;
    this.size = size;
  }

  @Override
  public boolean live() {
    return true;
  }

  @Override
  public void line(String text) {
    draw(back() + text + "\n", shown);
  }

  /** On another stream, which may be this very terminal: what is redrawn makes way. */
  @Override
  public void warning(String text) {
    List<String> below = shown;
    draw(back(), List.of());
    err.println(text);
    err.flush();
    draw("", below);
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
    Terminal terminal = size.get();
    int room = Math.max(1, terminal.rows() - 2);
    int all = services.size() + awaited.more();
    int width = services.stream().mapToInt(s -> s.name().length()).max().orElse(0);
    for (Awaited.Service service : services.subList(0, Math.min(room, services.size()))) {
      String cause = service.cause().isEmpty() ? "" : "  " + service.cause();
      String name = service.name() + " ".repeat(width - service.name().length());
      lines.add(fit("  " + name + "  " + service.words() + cause, terminal));
    }
    if (all > lines.size()) {
      lines.add(fit("  ... and %d more".formatted(all - lines.size()), terminal));
    }
    if (!lines.equals(shown)) {
      draw(back(), lines);
    }
  }

  /** What would wrap around could not be taken back. */
  private static String fit(String line, Terminal terminal) {
    String visible = PlanText.visible(line);
    return visible.length() < terminal.columns()
        ? visible
        : visible.substring(0, terminal.columns() - 1);
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
