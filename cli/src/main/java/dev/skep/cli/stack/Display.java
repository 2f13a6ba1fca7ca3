package dev.skep.cli.stack;

import dev.skep.deployer.apply.ApplyListener;
import dev.skep.deployer.gate.Awaited;
import dev.skep.model.stack.Deployment.Step;
import java.io.PrintStream;
import java.util.function.Consumer;

/** Where people see how a deployment gets on. */
interface Display {
  /** Something else than a step, as a line. */
  void line(String text);

  /** What people should look at. It goes to standard error. */
  default void warning(String text) {
    System.err.println(text);
  }

  /** An object is done, or is waited for. */
  default void step(Step step) {
    line(StackFiles.line(step));
  }

  /** How far the services are that are waited for; nobody need show it. */
  default void awaited(Awaited services) {}

  /** Whether it shows how far services are. */
  default boolean live() {
    return false;
  }

  /** Line by line. */
  static Display lines(Consumer<String> out) {
    return out::accept;
  }

  /** In place on a terminal, else line by line. */
  static Display on(PrintStream out) {
    return Terminal.find()
        .<Display>map(terminal -> new LiveView(out, System.err, Terminal.followed(terminal)))
        .orElseGet(() -> lines(out::println));
  }

  /** What a deployment from here tells. */
  default ApplyListener listener() {
    return new ApplyListener() {
      @Override
      public void step(Step step) {
        Display.this.step(step);
      }

      @Override
      public void watching(Awaited services) {
        awaited(services);
      }
    };
  }
}
