package dev.skep.deployer.source.secret;

import dev.skep.deployer.source.read.Opening;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The {@code sops} program. It is given a document by its input and the identities by the one
 * variable of its environment, and is tried with recipients of age before any other, so that it
 * asks no service that the document names. What it says is not handed on: it may quote what is
 * secret, or tell its hash.
 */
public final class SopsProgram {
  /** A document of a megabyte takes well below a second. */
  private static final Duration TIME = Duration.ofSeconds(20);

  private static final Duration AFTER_END = Duration.ofSeconds(2);
  private static final int MOST_SAID = 16 * 1024;

  /** It takes some 60 MB, of what is meant for the deployer. */
  private final Semaphore oneAtATime = new Semaphore(1, true);

  private final String name;
  private final List<Path> directories;
  private final Duration time;

  SopsProgram(String name, List<Path> directories, Duration time) {
    this.name = name;
    this.directories = List.copyOf(directories);
    this.time = time;
  }

  /**
   * The program of this name, looked for on the PATH each time, or at this path.
   *
   * @param name {@code sops}, or an absolute path
   */
  public static SopsProgram named(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    List<Path> directories =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .filter(p -> p.startsWith("/"))
            .map(Path::of)
            .toList();
    return new SopsProgram(name, directories, TIME);
  }

  /**
   * A document in clear.
   *
   * @throws IOException with a message for the user
   */
  byte[] decrypt(
      String path, SopsDocument.Format format, byte[] content, Identities identities, long limit)
      throws IOException {
    Path program =
        find()
            .orElseThrow(
                () ->
                    new IOException(
                        "'%s' is encrypted by SOPS, and there is no program '%s' to open it; give the"
                                .formatted(path, name)
                            + " deployer's image one of 3.9 or later and name it by SKEP_SOPS, or"
                            + " encrypt the file by age"));
    try {
      oneAtATime.acquire();
    } catch (InterruptedException e) {
      throw interrupted();
    }
    try {
      return run(path, program, format, content, identities, limit);
    } finally {
      oneAtATime.release();
    }
  }

  private Optional<Path> find() {
    if (name.startsWith("/")) {
      return Optional.of(Path.of(name)).filter(Files::isExecutable);
    }
    return directories.stream()
        .map(d -> d.resolve(name))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private byte[] run(
      String path,
      Path program,
      SopsDocument.Format format,
      byte[] content,
      Identities identities,
      long limit)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            program.toString(),
            "decrypt",
            "--decryption-order",
            "age",
            "--input-type",
            format.text(),
            "--output-type",
            format.text(),
            "/dev/stdin");
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("SOPS_AGE_KEY", identities.lines());
    builder.directory(new File("/"));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IOException(
          "'%s' is encrypted by SOPS, and '%s' cannot be run; look at the program"
              .formatted(path, program),
          e);
    }
    try {
      CompletableFuture<byte[]> clear = later(() -> clear(process, limit));
      CompletableFuture<byte[]> said = later(() -> said(process));
      Thread.ofVirtual().name("sops-input").start(() -> write(process, content));
      return ended(path, process, clear, said, limit);
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      end(process);
    }
  }

  private byte[] ended(
      String path,
      Process process,
      CompletableFuture<byte[]> clear,
      CompletableFuture<byte[]> said,
      long limit)
      throws IOException, InterruptedException {
    try {
      if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
        throw late(path);
      }
      byte[] result = clear.get(AFTER_END.toMillis(), TimeUnit.MILLISECONDS);
      byte[] words = said.get(AFTER_END.toMillis(), TimeUnit.MILLISECONDS);
      if (result.length > limit) {
        return result;
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "'%s' cannot be opened by SOPS: %s"
                .formatted(path, reason(process.exitValue(), words)));
      }
      return result;
    } catch (TimeoutException e) {
      throw late(path);
    } catch (ExecutionException e) {
      throw new IOException(
          "'%s' cannot be opened by SOPS: what it wrote cannot be read".formatted(path), e);
    }
  }

  private IOException late(String path) {
    return new Opening.TryAgainException(
        "'%s' was not opened by SOPS within %d s; it is tried again"
            .formatted(path, time.toSeconds()));
  }

  /** In our words. */
  private static String reason(int status, byte[] said) {
    String text = new String(said, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    if (text.contains("mac mismatch")) {
      return "it was changed after it was encrypted; change it by 'sops edit'";
    }
    // Older ones take the command for a file.
    if (text.contains("not defined") || text.contains("non-existent file")) {
      return "the program is too old; 3.9 or later is needed";
    }
    return "the program ended with status %d; try 'sops decrypt' with it by hand".formatted(status);
  }

  /** One that outlives the process, should another hold its output, keeps nobody waiting. */
  private static CompletableFuture<byte[]> later(Supplier<byte[]> reading) {
    return CompletableFuture.supplyAsync(reading, r -> Thread.ofVirtual().name("sops").start(r));
  }

  /** One byte more than the limit tells that there are more, and is the end of the process. */
  private static byte[] clear(Process process, long limit) {
    try (InputStream in = process.getInputStream()) {
      byte[] content = in.readNBytes((int) Math.min(limit + 1, 1 << 30));
      if (content.length > limit) {
        end(process);
      }
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] said(Process process) {
    try (InputStream in = process.getErrorStream()) {
      byte[] content = in.readNBytes(MOST_SAID);
      in.transferTo(OutputStream.nullOutputStream());
      return content;
    } catch (IOException e) {
      // Its end closes this too; the status tells enough.
      return new byte[0];
    }
  }

  private static void write(Process process, byte[] content) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(content);
    } catch (IOException e) {
      // It ended without reading all: its status tells.
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while SOPS worked");
  }
}
