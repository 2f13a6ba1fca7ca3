package dev.skep.deployer.source.secret;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Documents in the forms that SOPS 3.9 writes; what is encrypted in them is none of its own. */
final class TestSops {
  static final String VALUE =
      "ENC[AES256_GCM,data:Ybr8Vw==,iv:sQ5b1vGZr2r0p0aZx7yQ8l3o7k2m9n4b6v5c1x2z3a4=,"
          + "tag:4bq9mS0x1J1bq9mS0x1J1g==,type:str]";

  private TestSops() {}

  private static String dataKey(String recipient) {
    return TestAge.armored(new byte[32], recipient);
  }

  static String yaml(String recipient) {
    return """
        services:
            web:
                image: %1$s
        sops:
            age:
                - recipient: %2$s
                  enc: |
        %3$s
            lastmodified: "2026-11-22T06:00:00Z"
            mac: %1$s
            unencrypted_suffix: _unencrypted
            version: 3.9.4
        """
        .formatted(VALUE, recipient, dataKey(recipient).strip().indent(12).stripTrailing());
  }

  static String json(String recipient) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("password", VALUE);
    sops(root, recipient);
    return root.toPrettyString();
  }

  /** What SOPS makes of a file whose form it does not know. */
  static String binary(String recipient) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("data", VALUE);
    sops(root, recipient);
    return root.toPrettyString();
  }

  private static void sops(ObjectNode root, String recipient) {
    ObjectNode sops = root.putObject("sops").put("mac", VALUE).put("version", "3.9.4");
    sops.putArray("age").addObject().put("recipient", recipient).put("enc", dataKey(recipient));
  }

  static String dotenv(String recipient) {
    return """
        PASSWORD=%1$s
        sops_age__list_0__map_enc=%2$s
        sops_age__list_0__map_recipient=%3$s
        sops_lastmodified=2026-11-22T06:00:00Z
        sops_mac=%1$s
        sops_version=3.9.4
        """
        .formatted(VALUE, dataKey(recipient).replace("\n", "\\n"), recipient);
  }
}
