package dev.skep.edge.agent;

import dev.skep.edge.haproxy.MutableState;
import dev.skep.edge.haproxy.ProxyState;
import dev.skep.edge.haproxy.RuntimeAnswers;
import dev.skep.edge.haproxy.RuntimeCommand;
import dev.skep.edge.haproxy.Step;
import dev.skep.edge.haproxy.StepCommands;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes steps on a running HAProxy and checks every answer. One step's refusal stops no other. */
final class StepRunner {
  /**
   * What became of the steps.
   *
   * @param applied the state after them, as far as answers tell
   * @param refused steps that HAProxy refused, with its words
   * @param later whether something is still in use, so that it can only be deleted later
   */
  record Result(ProxyState applied, Map<Step, String> refused, boolean later) {}

  private final HaproxyControl control;
  private final StepCommands commands;

  StepRunner(HaproxyControl control, StepCommands commands) {
    this.control = control;
    this.commands = commands;
  }

  /**
   * Takes the steps.
   *
   * @throws IOException if HAProxy stopped answering: what was done has to be observed
   */
  Result run(List<Step> steps, ProxyState applied, ProxyState desired) throws IOException {
    MutableState state = new MutableState(applied);
    Map<Step, String> refused = new LinkedHashMap<>();
    boolean later = false;
    List<Step> group = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.ReplaceMap replace) {
        later |= runGroup(group, state, desired, refused);
        replace(replace, state, desired, refused);
      } else {
        group.add(step);
      }
    }
    later |= runGroup(group, state, desired, refused);
    return new Result(state.state(), refused, later);
  }

  private boolean runGroup(
      List<Step> group, MutableState state, ProxyState desired, Map<Step, String> refused)
      throws IOException {
    List<RuntimeCommand> all = new ArrayList<>();
    group.forEach(s -> all.addAll(commands.of(s)));
    List<String> answers = control.askAll(all);
    boolean later = false;
    int i = 0;
    for (Step step : group) {
      String problem = null;
      for (RuntimeCommand c : commands.of(step)) {
        String answer = answers.get(i++);
        if (problem == null && !c.succeeded(answer)) {
          problem = answer.isBlank() ? "no answer to '" + c + "'" : answer.strip();
        }
      }
      if (problem == null) {
        state.done(step, desired);
      } else if (step.mayWait()) {
        later = true;
      } else {
        refused.put(step, problem);
        abort(step);
      }
    }
    group.clear();
    return later;
  }

  private void abort(Step step) throws IOException {
    switch (step) {
      case Step.NewCertificate(String file) -> control.ask(commands.abort(file).text());
      case Step.RotateCertificate(String file) -> control.ask(commands.abort(file).text());
      default -> {}
    }
  }

  private void replace(
      Step.ReplaceMap step, MutableState state, ProxyState desired, Map<Step, String> refused)
      throws IOException {
    RuntimeCommand prepare = commands.prepare(step);
    String answer = control.ask(prepare.text());
    if (!prepare.succeeded(answer)) {
      refused.put(step, answer.strip());
      return;
    }
    List<RuntimeCommand> fill = commands.fill(step, RuntimeAnswers.version(answer));
    List<String> answers = control.askAll(fill);
    for (int i = 0; i < fill.size(); i++) {
      if (!fill.get(i).succeeded(answers.get(i))) {
        refused.put(step, answers.get(i).strip());
        return;
      }
    }
    state.done(step, desired);
  }
}
