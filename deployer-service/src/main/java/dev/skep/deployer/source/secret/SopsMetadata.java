package dev.skep.deployer.source.secret;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.source.secret.SopsDocument.DataKey;
import dev.skep.deployer.source.secret.SopsDocument.Format;
import dev.skep.model.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads to whom SOPS encrypted a document. A document that asks several groups of keys at once is
 * refused: it would make the program ask services that the repository chooses.
 */
final class SopsMetadata {
  private static final String KEY = "sops";
  private static final String AGE = "age";
  private static final String ENC = "enc";
  private static final String RECIPIENT = "recipient";
  private static final String GROUPS = "key_groups";
  private static final Set<String> BINARY = Set.of("data", KEY);

  private static final Pattern DOTENV_AGE =
      Pattern.compile("(?m)^sops_age__list_([0-9]+)__map_(enc|recipient)=(.*)$");
  private static final Pattern DOTENV_GROUPS = Pattern.compile("(?m)^sops_key_groups__");

  private SopsMetadata() {}

  static SopsDocument json(String path, byte[] content) throws IOException {
    JsonNode root;
    try {
      root = Json.mapper().readTree(content);
    } catch (IOException e) {
      // Without the cause, which quotes it.
      throw new IOException(notRead(path, "it is not JSON"));
    }
    JsonNode sops = root.path(KEY);
    if (!sops.isObject()) {
      throw new IOException(notRead(path, "its part 'sops' is missing"));
    }
    if (sops.path(GROUPS).size() > 0) {
      throw new IOException(groups(path));
    }
    List<DataKey> keys = new ArrayList<>();
    sops.path(AGE)
        .forEach(k -> keys.add(new DataKey(k.path(RECIPIENT).asText(), k.path(ENC).asText())));
    Set<String> names = new TreeSet<>();
    root.fieldNames().forEachRemaining(names::add);
    boolean binary = names.equals(BINARY) && !path.endsWith(".json");
    return new SopsDocument(binary ? Format.BINARY : Format.JSON, keys);
  }

  /** Only the tree of nodes: aliases in it are not unfolded. */
  static List<DataKey> yaml(String path, String text) throws IOException {
    Optional<Node> root;
    try {
      root = new Compose(LoadSettings.builder().build()).composeString(text);
    } catch (YamlEngineException e) {
      throw new IOException(notRead(path, "it is not valid YAML"));
    }
    Node sops = root.map(r -> only(r, KEY)).orElse(null);
    if (!(sops instanceof MappingNode)) {
      throw new IOException(notRead(path, "its part 'sops' is missing"));
    }
    if (only(sops, GROUPS) != null) {
      throw new IOException(groups(path));
    }
    List<DataKey> keys = new ArrayList<>();
    if (only(sops, AGE) instanceof SequenceNode list) {
      for (Node entry : list.getValue()) {
        if (only(entry, RECIPIENT) instanceof ScalarNode recipient
            && only(entry, ENC) instanceof ScalarNode enc) {
          keys.add(new DataKey(recipient.getValue(), enc.getValue()));
        }
      }
    }
    return keys;
  }

  /** What stands under a key; null if that is not there just once. */
  private static Node only(Node mapping, String key) {
    if (!(mapping instanceof MappingNode map)) {
      return null;
    }
    List<Node> values =
        map.getValue().stream()
            .filter(t -> t.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
            .map(NodeTuple::getValueNode)
            .toList();
    return values.size() == 1 ? values.getFirst() : null;
  }

  static List<DataKey> dotenv(String path, String text) throws IOException {
    if (DOTENV_GROUPS.matcher(text).find()) {
      throw new IOException(groups(path));
    }
    Map<String, String> recipients = new HashMap<>();
    Map<String, String> encrypted = new HashMap<>();
    Matcher m = DOTENV_AGE.matcher(text);
    while (m.find()) {
      Map<String, String> to = m.group(2).equals(ENC) ? encrypted : recipients;
      // Of two of one name nobody knows which one the program takes.
      if (to.put(m.group(1), m.group(3).strip().replace("\\n", "\n")) != null) {
        throw new IOException(notRead(path, "it has a recipient twice"));
      }
    }
    List<DataKey> keys = new ArrayList<>();
    encrypted.forEach((n, enc) -> keys.add(new DataKey(recipients.getOrDefault(n, ""), enc)));
    return keys;
  }

  private static String notRead(String path, String why) {
    return "'%s' holds values that SOPS encrypted, but %s; keep it as SOPS wrote it"
        .formatted(path, why);
  }

  private static String groups(String path) {
    return "'%s' is encrypted by SOPS with groups of keys, of which it needs several; encrypt it to"
            .formatted(path)
        + " recipients of age without groups";
  }
}
