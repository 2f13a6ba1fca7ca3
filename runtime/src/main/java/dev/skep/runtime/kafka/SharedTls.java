package dev.skep.runtime.kafka;

import java.io.File;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * Kafka's own TLS, made once for all clients of the process that have the same settings. A service
 * has a dozen clients: each would read keys and certificates for itself, and show and check them in
 * full, where a session of the same process can be resumed. Files that have changed are read anew
 * by the next client.
 *
 * <p>Public for Kafka, which makes it by name.
 */
public final class SharedTls implements SslEngineFactory {
  private static final String PREFIX = "ssl.";
  private static final ConcurrentMap<Map<String, Object>, Shared> SHARED =
      new ConcurrentHashMap<>();

  /**
   * What clients share.
   *
   * @param files when its files had been written last
   */
  private record Shared(Map<String, Long> files, SslEngineFactory tls) {}

  private SslEngineFactory tls;

  @Override
  public void configure(Map<String, ?> configs) {
    Map<String, Object> settings = new TreeMap<>();
    configs.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && value != null) {
            settings.put(name, value);
          }
        });
    Map<String, Long> files = files(settings);
    tls =
        SHARED
            .compute(
                settings,
                (same, known) ->
                    known != null && known.files().equals(files)
                        ? known
                        : new Shared(files, configured(configs)))
            .tls();
  }

  private static SslEngineFactory configured(Map<String, ?> configs) {
    DefaultSslEngineFactory made = new DefaultSslEngineFactory();
    made.configure(configs);
    return made;
  }

  private static Map<String, Long> files(Map<String, Object> settings) {
    Map<String, Long> written = new TreeMap<>();
    for (String name :
        Set.of(
            SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG)) {
      if (settings.get(name) instanceof String file) {
        written.put(file, new File(file).lastModified());
      }
    }
    return written;
  }

  @Override
  public SSLEngine createClientSslEngine(String host, int port, String identification) {
    return tls.createClientSslEngine(host, port, identification);
  }

  @Override
  public SSLEngine createServerSslEngine(String host, int port) {
    return tls.createServerSslEngine(host, port);
  }

  @Override
  public boolean shouldBeRebuilt(Map<String, Object> next) {
    return tls.shouldBeRebuilt(next);
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return tls.reconfigurableConfigs();
  }

  @Override
  public KeyStore keystore() {
    return tls.keystore();
  }

  @Override
  public KeyStore truststore() {
    return tls.truststore();
  }

  /** Nothing: other clients go on using what is shared. */
  @Override
  public void close() {}
}
