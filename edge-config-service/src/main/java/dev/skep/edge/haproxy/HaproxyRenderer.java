package dev.skep.edge.haproxy;

import dev.skep.edge.EdgeModel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * HAProxy's configuration for an edge. The same input gives the same bytes.
 *
 * <p>Routing lies in maps alone, so that a route never needs a reload: see {@link
 * dev.skep.edge.MatchTable} for why the longest key is the right answer.
 */
public final class HaproxyRenderer {
  private final HaproxySettings settings;

  /** A renderer for one edge. */
  public HaproxyRenderer(HaproxySettings settings) {
    this.settings = settings;
  }

  /** All files for a model; its values must have been admitted. */
  public HaproxyFiles render(EdgeModel model) {
    return render(ProxyState.desired(model));
  }

  /**
   * All files for a state.
   *
   * @throws IllegalArgumentException if a value could break out of its place
   */
  public HaproxyFiles render(ProxyState state) {
    String fixed = new HaproxyBase(settings).text("");
    String hash = sha256(fixed).substring(0, 16);
    SortedMap<String, String> texts = new TreeMap<>();
    texts.put(HaproxyFiles.CONFIG, new HaproxyBase(settings).text(hash) + backends(state));
    state.maps().forEach((name, entries) -> texts.put(HaproxyFiles.map(name), map(entries)));
    texts.put(HaproxyFiles.CRT_LIST, crtList(state));
    return new HaproxyFiles(texts, hash);
  }

  private String crtList(ProxyState state) {
    StringBuilder out = new StringBuilder();
    for (String file : state.certificates().keySet()) {
      out.append(Token.word(settings.dir() + "/" + HaproxyFiles.certificate(file))).append('\n');
    }
    return out.toString();
  }

  private static String backends(ProxyState state) {
    StringBuilder out = new StringBuilder();
    state
        .backends()
        .forEach(
            (backend, servers) -> {
              out.append("\nbackend ").append(Token.word(backend));
              out.append(" from ").append(HaproxyBase.BACKEND_DEFAULTS).append('\n');
              servers.forEach(
                  (name, server) ->
                      out.append("    server ")
                          .append(Token.word(name))
                          .append(' ')
                          .append(ServerLine.of(backend, server))
                          .append('\n'));
            });
    return out.toString();
  }

  private static String map(Map<String, String> entries) {
    StringBuilder out = new StringBuilder();
    entries.forEach(
        (key, value) ->
            out.append(Token.key(key)).append(' ').append(Token.word(value)).append('\n'));
    return out.toString();
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
