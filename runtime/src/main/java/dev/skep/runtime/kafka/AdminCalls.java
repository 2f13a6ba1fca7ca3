package dev.skep.runtime.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Calls of Kafka's admin client, as calls that block and fail with one sentence. */
final class AdminCalls {
  private static final int TIMEOUT_SECONDS = 30;
  private static final long POLL_MILLIS = 20;

  private AdminCalls() {}

  /**
   * Opens a client; reads the files that its settings name, and does not wait for the broker.
   *
   * @throws PublishException if the settings cannot be used; its cause is an {@link
   *     UnknownHostException} if no broker has an address, as that of a service without a task
   */
  static Admin open(KafkaConfig kafka) {
    Properties p = kafka.clientProperties();
    p.putIfAbsent("request.timeout.ms", "5000");
    p.putIfAbsent("default.api.timeout.ms", "20000");
    try {
      return Admin.create(p);
    } catch (KafkaException e) {
      if (noneResolves(kafka.bootstrapServers())) {
        String message = "no name server knows an address of " + kafka.bootstrapServers();
        throw new PublishException(message, new UnknownHostException(message));
      }
      throw new PublishException(
          "the client settings for Kafka (SKEP_KAFKA_...) cannot be used: "
              + TlsFailure.deepest(e)
              + files(kafka),
          e);
    }
  }

  /** Kafka's client says this by its message alone. */
  private static boolean noneResolves(String bootstrapServers) {
    for (String server : bootstrapServers.split(",", -1)) {
      int colon = server.lastIndexOf(':');
      try {
        InetAddress.getByName(colon < 0 ? server.strip() : server.substring(0, colon).strip());
        return false;
      } catch (UnknownHostException e) {
        // The next one, then.
      }
    }
    return true;
  }

  /** The cause names no file, and a key or a certificate in one is mostly what is wrong. */
  private static String files(KafkaConfig kafka) {
    List<String> files =
        Stream.of("ssl.keystore.location", "ssl.truststore.location")
            .filter(kafka.properties()::containsKey)
            .map(key -> key + " is " + kafka.properties().get(key))
            .toList();
    return files.isEmpty() ? "" : " (" + String.join(", ", files) + ")";
  }

  /**
   * The answer, at most 30 s later.
   *
   * @param failure what could not be done, as the beginning of the exception's message
   */
  static <V> V await(KafkaFuture<V> future, String failure) {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new PublishException(failure + ": " + TlsFailure.text(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new PublishException(failure + ": the broker does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PublishException(failure + ": interrupted", e);
    }
  }

  /** Asks again and again until {@code done}, at most 30 s. */
  static void until(String failure, BooleanSupplier done) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new PublishException(failure, null);
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PublishException(failure + ": interrupted", e);
      }
    }
  }
}
