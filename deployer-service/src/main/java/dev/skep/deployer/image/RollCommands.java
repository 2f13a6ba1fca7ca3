package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.RolledBody;
import dev.skep.deployer.image.policy.RolledBody.NewImage;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the deployer for other images. A command's id comes from the stack, the revision on which it
 * builds and the images, so that the same is not asked for twice, by another process either.
 */
final class RollCommands {
  private static final Logger log = LoggerFactory.getLogger(RollCommands.class);

  private final ImageGate gate;
  private final Clock clock;
  private final Duration life;

  /** The last command of each stack. */
  private final Map<String, Sent> sent = new ConcurrentHashMap<>();

  private record Sent(String first, String id, int attempt, Instant at) {}

  /**
   * @param life how long a command may wait to be taken up
   */
  RollCommands(ImageGate gate, Clock clock, Duration life) {
    this.gate = gate;
    this.clock = clock;
    this.life = life;
  }

  /**
   * Asks, unless it was asked for.
   *
   * @param run what asks, for the log
   * @return why it was refused; "" if it was not
   */
  String ask(String stack, long revision, Map<String, NewImage> images, String run) {
    String first = id(stack, revision, images, 1);
    Sent last = sent.get(stack);
    int attempt = 1;
    if (last != null && last.first().equals(first)) {
      Optional<String> rejected = gate.rejected(last.id());
      if (rejected.isPresent()) {
        return rejected.get();
      }
      if (clock.instant().isBefore(last.at().plus(life))) {
        return "";
      }
      attempt = last.attempt() + 1;
    }
    String id = id(stack, revision, images, attempt);
    log.atInfo()
        .addKeyValue("stack", stack)
        .addKeyValue("revision", revision)
        .addKeyValue("services", images.keySet())
        .addKeyValue("command", id)
        .addKeyValue("run", run)
        .log("A registry has other images: rolling services");
    gate.roll(id, stack, revision, images);
    sent.put(stack, new Sent(first, id, attempt, clock.instant()));
    return "";
  }

  private static String id(String stack, long revision, Map<String, NewImage> images, int attempt) {
    String all =
        String.join("|", stack, "" + revision, RolledBody.toJson(images).toString(), "" + attempt);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return "image-" + HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
