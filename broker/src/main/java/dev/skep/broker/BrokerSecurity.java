package dev.skep.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * A broker that lets in only who shows a certificate, and allows only what a rule says. Principals
 * are common names: {@code CN=inventory} is {@code User:inventory}; any other subject is nobody.
 *
 * @param certificate PEM: the broker's private key (PKCS#8) and its chain, for {@code localhost}
 * @param authority PEM: the CA that clients' certificates must be of
 * @param superUsers who may do everything; the broker itself must be one of them
 */
public record BrokerSecurity(Path certificate, Path authority, List<String> superUsers) {
  static final String CLIENTS = "CLIENTS";
  static final String HOST = "localhost";

  public BrokerSecurity {
    superUsers = List.copyOf(superUsers);
  }

  /** Puts TLS and access rules in the place of the open listeners. */
  void apply(Properties p, int clientPort, int controllerPort) {
    String clients = CLIENTS + "://" + HOST + ":" + clientPort;
    p.put("listeners", clients + ",CONTROLLER://" + HOST + ":" + controllerPort);
    p.put("advertised.listeners", clients);
    p.put("controller.quorum.voters", BrokerSettings.NODE_ID + "@" + HOST + ":" + controllerPort);
    p.put("inter.broker.listener.name", CLIENTS);
    p.put("listener.security.protocol.map", "CLIENTS:SSL,CONTROLLER:SSL");
    p.put("ssl.client.auth", "required");
    p.put("ssl.keystore.type", "PEM");
    p.put("ssl.keystore.location", certificate.toString());
    p.put("ssl.truststore.type", "PEM");
    p.put("ssl.truststore.location", authority.toString());
    p.put("ssl.principal.mapping.rules", "RULE:^CN=([a-z0-9-]+)$/$1/");
    p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    p.put("allow.everyone.if.no.acl.found", "false");
    p.put("super.users", String.join(";", superUsers.stream().map(u -> "User:" + u).toList()));
  }
}
