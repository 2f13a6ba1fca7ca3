package dev.skep.deployer.image.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Credentials as the Engine takes them, read for the registry's own protocol. Secret.
 *
 * @param basic {@code user:password}; "" for none
 * @param identityToken for which the registry gives others; "" for none
 * @param registryToken that the registry takes as it is; "" for none
 */
record Login(String basic, String identityToken, String registryToken) {
  static final Login NONE = new Login("", "", "");

  /**
   * Reads the value of X-Registry-Auth; what cannot be read is none.
   *
   * @param header "" for none
   */
  static Login of(String header) {
    if (header.isEmpty()) {
      return NONE;
    }
    try {
      JsonNode json = Json.mapper().readTree(Base64.getUrlDecoder().decode(header));
      String user = json.path("username").asText();
      String both = user.isEmpty() ? "" : user + ":" + json.path("password").asText();
      String encoded = json.path("auth").asText();
      if (both.isEmpty() && !encoded.isEmpty()) {
        both = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      }
      return new Login(
          both, json.path("identitytoken").asText(), json.path("registrytoken").asText());
    } catch (IOException | IllegalArgumentException e) {
      return NONE;
    }
  }

  /** The value of Authorization; "" if there is no user. */
  String basicHeader() {
    return basic.isEmpty()
        ? ""
        : "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Login[****]";
  }
}
