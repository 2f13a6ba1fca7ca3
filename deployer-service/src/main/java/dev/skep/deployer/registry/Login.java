package dev.skep.deployer.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a registry is shown. Each part but the address may be "".
 *
 * @param server the registry's address, as the client's configuration names it
 * @param identityToken in place of a password: changed for others at the registry
 * @param registryToken shown to the registry as it is
 */
record Login(
    String server, String username, String password, String identityToken, String registryToken) {

  static Login ofPassword(String server, String username, String password) {
    return new Login(server, username, password, "", "");
  }

  static Login ofIdentityToken(String server, String token) {
    return new Login(server, "", "", token, "");
  }

  /** Whether there is nothing to show: {@code docker login} leaves such where a helper has it. */
  boolean isEmpty() {
    return username.isEmpty()
        && password.isEmpty()
        && identityToken.isEmpty()
        && registryToken.isEmpty();
  }

  /** The value of X-Registry-Auth: base64url of a JSON object, as Docker's client writes it. */
  String header() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    putUnlessEmpty(json, "username", username);
    putUnlessEmpty(json, "password", password);
    putUnlessEmpty(json, "serveraddress", server);
    putUnlessEmpty(json, "identitytoken", identityToken);
    putUnlessEmpty(json, "registrytoken", registryToken);
    return Base64.getUrlEncoder().encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void putUnlessEmpty(ObjectNode json, String key, String value) {
    if (!value.isEmpty()) {
      json.put(key, value);
    }
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "Login[" + server + "]";
  }
}
