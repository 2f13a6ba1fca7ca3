package dev.skep.cert.acme;

import dev.skep.cert.IssueException;
import java.security.KeyPair;

/**
 * Where an order is written down. The CA does not list orders: one that is not written down before
 * it is worked on is lost in a crash, and made a second time.
 */
public interface OrderJournal {
  /**
   * An order under way.
   *
   * @param url where the CA keeps it
   * @param key the pair to be certified; secret
   */
  record Entry(String url, KeyPair key) {
    /** Nothing of the key. */
    @Override
    public String toString() {
      return "Entry[" + url + "]";
    }
  }

  /** The order under way; null if there is none, or none whose key can be opened. */
  Entry open();

  /** Writes an order down; returns when that is on disk. */
  void ordered(Entry entry) throws IssueException;
}
