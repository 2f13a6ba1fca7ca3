package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateDir;
import dev.skep.cli.StateOptions;
import dev.skep.engine.EngineClient;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes the state into a file. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write the state into a file: the newest record of everything, what is sealed still sealed.",
      "Of the suite on this machine, or of the stack, on a manager."
    })
public final class ExportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "where to (default: skep-export-TIME.jsonl.gz); - is standard output")
  private String file;

  @Mixin StateOptions stateOptions;
  @Mixin EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    StateDir state = stateOptions.state();
    if ("-".equals(file)) {
      write(state, System.out);
      return 0;
    }
    Path target = Path.of(file == null ? defaultName() : file).toAbsolutePath();
    Path temp = temporary(target);
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temp))) {
        write(state, out);
      }
      // As a reader would: what cannot be read again is no export.
      ExportFile export = ExportFile.read(temp, _ -> {});
      if (export.holdsNothing() && Files.exists(target)) {
        // A store that came back empty must not take the place of the backup that would heal it.
        throw new CliException(
            "the store holds no stack and no certificate: "
                + target
                + " stays as it is; to export all the same, name another file");
      }
      Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
      System.out.println(target + ", of " + export.time());
      System.out.println(export.summary());
    } finally {
      Files.deleteIfExists(temp);
    }
    return 0;
  }

  private void write(StateDir state, OutputStream out) throws Exception {
    if (Store.inside(System.getenv())) {
      try (Store store = Store.ofCluster(System.getenv())) {
        ExportFile.write(store.kafka(), out, Clock.systemUTC());
      }
    } else if (Store.isLocal(state)) {
      try (Store store = LocalStore.open(state, false)) {
        ExportFile.write(store.kafka(), out, Clock.systemUTC());
      }
    } else {
      stack(out);
    }
    out.flush();
  }

  private void stack(OutputStream out) throws Exception {
    try (EngineClient client = engine.connect()) {
      ClusterSession session =
          ClusterSession.find(client).orElseThrow(() -> new CliException(Inside.NOT_RUNNING, 3));
      int code =
          session.exec(InputStream.nullInputStream(), out, System.err, List.of("export", "-"));
      if (code != 0) {
        throw new CliException(
            "the export inside the cluster failed; the reason stands above", code);
      }
    }
  }

  private static Path temporary(Path target) throws IOException {
    try {
      return Files.createTempFile(
          target.getParent(),
          ".skep-export",
          ".tmp",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      throw new CliException("cannot write in " + target.getParent() + ": " + e);
    }
  }

  private static String defaultName() {
    return DateTimeFormatter.ofPattern("'skep-export-'yyyyMMdd-HHmmss'.jsonl.gz'", Locale.ROOT)
        .withZone(ZoneOffset.UTC)
        .format(Clock.systemUTC().instant());
  }
}
