package dev.skep.deployer.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What Docker's client configuration says of registries. Addresses are hosts, with a port if there
 * is one; Docker Hub's is {@value #DOCKER_HUB}.
 *
 * @param auths address to what stands in the file itself
 * @param credsStore the helper of every registry without its own; "" for none
 * @param credHelpers address to its helper
 */
record DockerConfig(Map<String, Login> auths, String credsStore, Map<String, String> credHelpers) {
  /** The name that the client has for Docker Hub. */
  static final String DOCKER_HUB = "https://index.docker.io/v1/";

  /** No file, no credentials. */
  static final DockerConfig NONE = new DockerConfig(Map.of(), "", Map.of());

  DockerConfig {
    auths = Map.copyOf(auths);
    credHelpers = Map.copyOf(credHelpers);
  }

  /**
   * Reads the file's content.
   *
   * @throws IllegalArgumentException with what is wrong, and nothing of the content
   */
  static DockerConfig parse(byte[] content) {
    JsonNode json = tree(content);
    Map<String, Login> auths = new TreeMap<>();
    json.path("auths").properties().forEach(e -> auths.put(e.getKey(), login(e)));
    Map<String, String> helpers = new TreeMap<>();
    json.path("credHelpers")
        .properties()
        .forEach(e -> helpers.put(e.getKey(), e.getValue().asText()));
    return new DockerConfig(auths, json.path("credsStore").asText(""), helpers);
  }

  /** The address under which the registry of an image reference is kept. */
  static String address(String host) {
    return host.equals("docker.io") ? DOCKER_HUB : host;
  }

  /** The helper that keeps the credentials of an address; "" if the file does. */
  String helper(String address) {
    return credHelpers.getOrDefault(address, credsStore);
  }

  /** What the file itself has for an address. Keys of old are URLs: their host counts. */
  Optional<Login> login(String address) {
    Login exact = auths.get(address);
    Optional<Login> found =
        exact != null
            ? Optional.of(exact)
            : new TreeMap<>(auths)
                .entrySet().stream()
                    .filter(e -> host(e.getKey()).equals(address))
                    .map(Map.Entry::getValue)
                    .findFirst();
    return found.filter(l -> !l.isEmpty());
  }

  private static JsonNode tree(byte[] content) {
    try {
      JsonNode json = Json.mapper().readTree(content);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON" + place(e));
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  /** Of all that the parser says, the place alone: its message may quote what is secret. */
  private static String place(IOException e) {
    return e instanceof JsonProcessingException parsing && parsing.getLocation() != null
        ? " at line %d, column %d"
            .formatted(parsing.getLocation().getLineNr(), parsing.getLocation().getColumnNr())
        : "";
  }

  private static Login login(Map.Entry<String, JsonNode> entry) {
    String address = entry.getKey();
    JsonNode json = entry.getValue();
    String username = json.path("username").asText("");
    String password = json.path("password").asText("");
    String auth = json.path("auth").asText("");
    if (!auth.isEmpty()) {
      String[] decoded = decode(address, auth);
      username = decoded[0];
      password = decoded[1];
    }
    return new Login(
        address,
        username,
        password,
        json.path("identitytoken").asText(""),
        json.path("registrytoken").asText(""));
  }

  private static String[] decode(String address, String auth) {
    String text;
    try {
      text = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed(address);
    }
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw malformed(address);
    }
    // Some that wrote it filled it up with zeros.
    return new String[] {
      text.substring(0, colon), text.substring(colon + 1).replaceAll("^\0+|\0+$", "")
    };
  }

  private static IllegalArgumentException malformed(String address) {
    return new IllegalArgumentException(
        "'auth' of %s is not USER:PASSWORD in base64; docker login writes it anew"
            .formatted(address));
  }

  private static String host(String key) {
    return key.replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "DockerConfig[auths=%s, credsStore=%s, credHelpers=%s]"
        .formatted(auths.keySet(), credsStore, credHelpers);
  }
}
