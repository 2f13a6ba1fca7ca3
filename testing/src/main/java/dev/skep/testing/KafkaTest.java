package dev.skep.testing;

/** The broker that a JVM's tests share. Injected by {@link WithKafka}. */
public interface KafkaTest {
  /** {@code 127.0.0.1:PORT}. */
  String bootstrapServers();

  /**
   * Deletes every topic and consumer group, and makes the topics of the topic table anew. Blocks
   * until the broker is done, about half a second. Close what reads and writes before.
   */
  void wipe();
}
