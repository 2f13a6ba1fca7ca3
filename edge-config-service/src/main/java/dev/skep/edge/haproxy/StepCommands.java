package dev.skep.edge.haproxy;

import dev.skep.edge.haproxy.ProxyState.Mode;
import dev.skep.edge.haproxy.ProxyState.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** From steps to the runtime API's commands. */
public final class StepCommands {
  /** A payload beyond 16,000 bytes vanishes silently before 3.4. */
  private static final int CHUNK = 12_000;

  private final String dir;
  private final Function<String, String> pem;

  /**
   * Commands for one edge.
   *
   * @param dir the shared directory as HAProxy sees it
   * @param pem a certificate file's content, without blank lines
   */
  public StepCommands(String dir, Function<String, String> pem) {
    this.dir = dir;
    this.pem = pem;
  }

  /**
   * The commands of a step; none for a reload and for {@link Step.ReplaceMap}, which needs an
   * answer in between: see {@link #prepare}.
   */
  public List<RuntimeCommand> of(Step step) {
    return switch (step) {
      case Step.NewCertificate(String file) -> newCertificate(path(file), pem.apply(file));
      case Step.RotateCertificate(String file) -> store(path(file), pem.apply(file));
      case Step.RemoveCertificate(String file) ->
          List.of(
              RuntimeCommand.of("del ssl crt-list " + crtList() + " " + path(file), "deleted"),
              RuntimeCommand.of("del ssl cert " + path(file), "deleted"));
      case Step.AddBackend(String b) ->
          List.of(
              RuntimeCommand.of(
                  "add backend " + w(b) + " from " + HaproxyBase.BACKEND_DEFAULTS + " mode http",
                  "New backend registered"),
              publish(b));
      case Step.PublishBackend(String b) -> List.of(publish(b));
      case Step.RetireBackend(String b) -> List.of(unpublish(b));
      case Step.DeleteBackend(String b) ->
          List.of(unpublish(b), RuntimeCommand.of("del backend " + w(b), "Backend deleted"));
      case Step.AddServer(String b, String n, Server s) -> {
        String name = w(b) + "/" + w(n);
        yield List.of(
            RuntimeCommand.of(
                "add server " + name + " " + ServerLine.of(b, s), "New server registered"),
            RuntimeCommand.silent("enable server " + name),
            RuntimeCommand.silent("enable health " + name));
      }
      case Step.SetServer(String b, String n, Server before, Server s) ->
          set(w(b) + "/" + w(n), before, s);
      case Step.RetireServer(String b, String n) ->
          List.of(RuntimeCommand.silent("set server " + w(b) + "/" + w(n) + " state maint"));
      case Step.DeleteServer(String b, String n) ->
          List.of(RuntimeCommand.of("del server " + w(b) + "/" + w(n), "Server deleted"));
      case Step.AddEntry(String map, String key, String value) ->
          List.of(
              RuntimeCommand.payload("add map " + map(map), Token.key(key) + " " + w(value), ""));
      case Step.SetEntry(String map, String key, String value) ->
          List.of(
              RuntimeCommand.silent(
                  "set map " + map(map) + " " + Token.argument(key) + " " + w(value)));
      case Step.DeleteEntry(String map, String key) ->
          List.of(RuntimeCommand.silent("del map " + map(map) + " " + Token.argument(key)));
      case Step.ReplaceMap _, Step.Reload _ -> List.of();
    };
  }

  /** Opens a new version of a map; the answer holds its number. */
  public RuntimeCommand prepare(Step.ReplaceMap step) {
    return RuntimeCommand.of("prepare map " + map(step.map()), "New version created: [0-9]+");
  }

  /** Fills the version and makes it the current one. */
  public List<RuntimeCommand> fill(Step.ReplaceMap step, long version) {
    List<RuntimeCommand> commands = new ArrayList<>();
    StringBuilder chunk = new StringBuilder();
    for (var entry : step.entries().entrySet()) {
      String line = Token.key(entry.getKey()) + " " + w(entry.getValue()) + "\n";
      if (chunk.length() + line.length() > CHUNK) {
        commands.add(chunk(step.map(), version, chunk));
      }
      chunk.append(line);
    }
    if (!chunk.isEmpty()) {
      commands.add(chunk(step.map(), version, chunk));
    }
    commands.add(RuntimeCommand.silent("commit map @" + version + " " + map(step.map())));
    return commands;
  }

  /** Takes back what a failed installation left open. */
  public RuntimeCommand abort(String file) {
    return RuntimeCommand.of("abort ssl cert " + path(file), "");
  }

  /** A map's path. */
  public String map(String name) {
    return w(dir + "/" + HaproxyFiles.map(name));
  }

  /** A certificate's path. */
  public String path(String file) {
    return w(dir + "/" + HaproxyFiles.certificate(file));
  }

  /** The certificate list's path. */
  public String crtList() {
    return w(dir + "/" + HaproxyFiles.CRT_LIST);
  }

  private RuntimeCommand chunk(String map, long version, StringBuilder lines) {
    RuntimeCommand command =
        RuntimeCommand.payload("add map @" + version + " " + map(map), lines.toString(), "");
    lines.setLength(0);
    return command;
  }

  private List<RuntimeCommand> newCertificate(String path, String pem) {
    List<RuntimeCommand> commands = new ArrayList<>();
    commands.add(
        RuntimeCommand.of("new ssl cert " + path, "New empty certificate store|already exists"));
    commands.addAll(store(path, pem));
    commands.add(RuntimeCommand.of("add ssl crt-list " + crtList() + " " + path, "Success!"));
    return commands;
  }

  private static List<RuntimeCommand> store(String path, String pem) {
    return List.of(
        // The name is checked: old versions could store it under another certificate's.
        RuntimeCommand.payload(
            "set ssl cert " + path,
            pem,
            "Transaction (created|updated) for certificate " + java.util.regex.Pattern.quote(path)),
        RuntimeCommand.of("commit ssl cert " + path, "Success!"));
  }

  private static List<RuntimeCommand> set(String name, Server before, Server s) {
    List<RuntimeCommand> commands = new ArrayList<>();
    if (!before.address().equals(s.address()) || before.port() != s.port()) {
      commands.add(
          RuntimeCommand.of(
              "set server " + name + " addr " + Token.word(s.address()) + " port " + s.port(),
              "changed|no need to change"));
    }
    commands.add(RuntimeCommand.silent("set weight " + name + " " + ServerLine.weight(s)));
    if (before.mode() == Mode.RETIRED) {
      commands.add(RuntimeCommand.silent("set server " + name + " state ready"));
      commands.add(RuntimeCommand.silent("enable health " + name));
    }
    return commands;
  }

  private static RuntimeCommand publish(String backend) {
    return RuntimeCommand.of("publish backend " + w(backend), "Backend published");
  }

  private static RuntimeCommand unpublish(String backend) {
    return RuntimeCommand.of("unpublish backend " + w(backend), "Backend unpublished");
  }

  private static String w(String value) {
    return Token.word(value);
  }
}
