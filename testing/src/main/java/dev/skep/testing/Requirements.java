package dev.skep.testing;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides whether the real parts are there that a test needs. */
final class Requirements implements ExecutionCondition {
  private static final String DEFAULT_ENGINE = "unix:///var/run/docker.sock";
  private static final String MAKING = "skep.test.images-in-the-making";

  /** From nothing, on two processors, it takes five minutes. */
  private static final Duration MADE_WITHIN = Duration.ofMinutes(20);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> missing = new ArrayList<>();
    context
        .getElement()
        .ifPresent(
            element -> {
              if (AnnotationSupport.isAnnotated(element, RequiresEngine.class)
                  && !engine("/_ping")) {
                missing.add("no Docker Engine answers at " + engineHost());
              }
              AnnotationSupport.findAnnotation(element, RequiresImage.class)
                  .ifPresent(a -> missing.addAll(missingImages(a.value())));
              AnnotationSupport.findAnnotation(element, RequiresCommand.class)
                  .ifPresent(a -> missing.addAll(missingCommands(a.value())));
            });
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all required parts are here");
    }
    String reason = String.join("; ", missing);
    if (Boolean.getBoolean("skep.test.strict")) {
      throw new ExtensionConfigurationException(
          reason + " (and -Dskep.test.strict=true makes that a failure)");
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  private static List<String> missingImages(String[] images) {
    List<String> missing = new ArrayList<>();
    if (List.of(images).stream().anyMatch(Requirements::mayBeInTheMaking)) {
      awaitImages();
    }
    for (String image : images) {
      if (!engine("/images/" + image + "/json")) {
        missing.add("the Engine at " + engineHost() + " has no image " + image);
      }
    }
    return missing;
  }

  /** Our own are made anew when their sources changed: one that is here may be an older one. */
  private static boolean mayBeInTheMaking(String image) {
    return image.startsWith("skep") || !engine("/images/" + image + "/json");
  }

  /**
   * Images are made while the first tests run: {@value #MAKING} names a file that is there so long.
   */
  private static void awaitImages() {
    String making = System.getProperty(MAKING, "");
    long until = System.nanoTime() + MADE_WITHIN.toNanos();
    while (!making.isEmpty() && Files.exists(Path.of(making)) && System.nanoTime() < until) {
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static List<String> missingCommands(String[] commands) {
    List<String> missing = new ArrayList<>();
    for (String command : commands) {
      boolean found = false;
      for (String dir : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
        found |= !dir.isEmpty() && Files.isExecutable(Path.of(dir, command));
      }
      if (!found) {
        missing.add("no program '" + command + "' on the PATH");
      }
    }
    return missing;
  }

  private static String engineHost() {
    String host = System.getenv("DOCKER_HOST");
    return host == null || host.isBlank() ? DEFAULT_ENGINE : host;
  }

  /** Whether the Engine answers 200; only a socket on this machine is asked. */
  private static boolean engine(String path) {
    URI host = URI.create(engineHost());
    if (!"unix".equals(host.getScheme())) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(host.getPath()));
      String request = "GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(15);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // Until the status line's beginning is here, or the end.
      }
      String line = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
      return line.startsWith("HTTP/1.") && line.contains(" 200");
    } catch (IOException e) {
      return false;
    }
  }
}
