package dev.skep.deployer.revision;

import dev.skep.deployer.state.StackBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A stack's body as it is kept: compressed, which makes it smaller by a factor of about ten. */
public final class PackedBody {
  /** Far more than any body may have; what expands further is not one of ours. */
  private static final int LARGEST = 64 * 1024 * 1024;

  private PackedBody() {}

  /** What a kept body is bound to when it is sealed. */
  public static String sealingContext(String stack, long number) {
    return "skep.revisions|" + stack + "|" + number;
  }

  /** Packs a body with all that is in it, secrets and credentials too. */
  public static byte[] pack(StackBody body) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body.toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /**
   * Unpacks a body.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static StackBody unpack(byte[] packed) {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] plain = gzip.readNBytes(LARGEST);
      if (gzip.read() >= 0) {
        throw new IllegalArgumentException("the kept revision has more than " + LARGEST + " bytes");
      }
      return StackBody.fromBytes(plain);
    } catch (IOException e) {
      throw new IllegalArgumentException("the kept revision is not as it was written", e);
    }
  }
}
