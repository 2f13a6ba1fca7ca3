package dev.skep.runtime.kafka;

import java.util.List;

/**
 * A record as the broker holds it, for copies of the store. Nothing is read into it: what is sealed
 * stays sealed.
 *
 * @param key as text; keys of state topics are ids and names
 * @param value in base64; null deletes the key
 * @param headers in order
 */
public record StoredRecord(String topic, String key, String value, List<Header> headers) {
  /**
   * A header.
   *
   * @param value in base64; null if it has none
   */
  public record Header(String name, String value) {}

  public StoredRecord {
    headers = List.copyOf(headers);
  }
}
