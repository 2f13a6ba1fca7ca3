package dev.skep.deployer.direct;

import dev.skep.model.stack.Revision;
import java.util.Base64;

/**
 * A revision in a Swarm config.
 *
 * @param id the config's
 * @param data the body without secrets and credentials, compressed, in base64
 */
public record KeptRevision(String id, Revision revision, String data) {
  /**
   * The compressed body.
   *
   * @throws IllegalArgumentException if it is not base64
   */
  public byte[] packed() {
    return Base64.getDecoder().decode(data);
  }

  /** Values may be secret. */
  @Override
  public String toString() {
    return "KeptRevision[" + revision.key() + "]";
  }
}
