package dev.skep.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/** A registry's credentials as the Engine takes them: the value of X-Registry-Auth. */
public final class RegistryAuth {
  private final String header;

  private RegistryAuth(String header) {
    this.header = header;
  }

  /** A user name and password (or token) for a registry's host. */
  public static RegistryAuth of(String username, String password, String serverAddress) {
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("username", username)
            .put("password", password)
            .put("serveraddress", serverAddress)
            .toString();
    return new RegistryAuth(
        Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** A header value that is encoded already: base64url of a JSON object. */
  public static RegistryAuth encoded(String header) {
    return new RegistryAuth(Objects.requireNonNull(header, "header"));
  }

  /** The header's value: base64url of a JSON object. A secret. */
  public String header() {
    return header;
  }

  /** Masked: it must not reach a log. */
  @Override
  public String toString() {
    return "RegistryAuth[****]";
  }
}
