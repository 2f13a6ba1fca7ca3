package dev.skep.edge.haproxy;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a configuration, certificates aside.
 *
 * @param texts by path relative to the edge directory
 * @param staticHash names everything in them that only a reload can change
 */
public record HaproxyFiles(SortedMap<String, String> texts, String staticHash) {
  /** The configuration's file. */
  public static final String CONFIG = "haproxy.cfg";

  /** The list of certificates that are served. */
  public static final String CRT_LIST = "crt-list.txt";

  /** The certificate that is served where no other fits. */
  public static final String DEFAULT_CERTIFICATE = "certs/default.pem";

  public HaproxyFiles {
    texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
  }

  /** A map's path, relative to the edge directory. */
  public static String map(String name) {
    return "maps/" + name;
  }

  /** A certificate's path, relative to the edge directory. */
  public static String certificate(String file) {
    return "certs/" + file;
  }
}
