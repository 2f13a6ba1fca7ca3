package dev.skep.deployer.image.policy;

import dev.skep.deployer.plan.ImagePins.Pin;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a registry told when it was last asked.
 *
 * @param at when; null if it never answered
 * @param tags of the repository, where they were asked for
 * @param pins tag to the image with its digest
 * @param error why the last time did not succeed; "" if it did. What was told before stays
 * @param failures how often in a row
 */
public record Told(
    Instant at, List<String> tags, Map<String, Pin> pins, String error, int failures) {
  /** Nothing yet. */
  public static final Told NOTHING = new Told(null, List.of(), Map.of(), "", 0);

  public Told {
    tags = List.copyOf(tags);
    pins = Map.copyOf(pins);
  }

  /** It could not be asked. */
  public Told failed(String why) {
    return new Told(at, tags, pins, why, failures + 1);
  }
}
