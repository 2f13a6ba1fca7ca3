package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML into a tree with places: anchors and {@code <<} resolved, duplicate keys refused. */
final class YamlReader {
  /** Aliases multiply: a small file may unfold to a giant. No stack comes near this. */
  static final int MOST_VALUES = 500_000;

  /** Would take back what an earlier file says; read past, they would say the opposite. */
  private static final Set<String> MERGE_TAGS = Set.of("!reset", "!override");

  /** What is not text, even in quotes where one of the tags is written before it. */
  private static final Set<Tag> READ =
      Set.of(PlainTags.PLAIN, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);

  private final String file;
  private final Problems problems;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int values;

  private YamlReader(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The document's mapping, or null after a problem that leaves nothing to look at. */
  static Fields read(String file, String yaml, Problems problems) {
    return new YamlReader(file, problems).read(yaml);
  }

  private Fields read(String yaml) {
    Mark start = new Mark(file, 1, 1);
    Node root;
    try {
      root = root(yaml, start);
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().or(e::getContextMark).map(this::mark).orElse(start);
      String context = e.getContext() == null ? "" : e.getContext() + ": ";
      problems.error(mark, "not valid YAML: " + context + e.getProblem());
      return null;
    } catch (YamlEngineException e) {
      problems.error(start, "not valid YAML: " + e.getMessage());
      return null;
    }
    if (root == null) {
      problems.error(start, "the file is empty; a stack needs at least 'services:'");
      return null;
    }
    try {
      if (value(root) instanceof Fields fields) {
        return fields;
      }
      problems.error(place(root), "the file must be a mapping with 'services:' in it");
    } catch (TooLarge e) {
      problems.error(start, "the file unfolds to more than " + MOST_VALUES + " values by aliases");
    }
    return null;
  }

  /** The first document, or null; what stands behind a tab is read as well. */
  private Node root(String yaml, Mark start) {
    String text = yaml;
    for (int tabs = 0; ; tabs++) {
      try {
        return first(text, start);
      } catch (MarkedYamlEngineException e) {
        Optional<String> spaced = TabBehindColon.spaced(text, e);
        if (spaced.isEmpty() || !TabBehindColon.again(tabs, text)) {
          throw e;
        }
        text = spaced.get();
      }
    }
  }

  private Node first(String yaml, Mark start) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setSchema(new PlainTags())
            // 50 by default, which an honest file may need; we count what they unfold to.
            .setMaxAliasesForCollections(MOST_VALUES)
            .build();
    Iterator<Node> documents = new Compose(settings).composeAllFromString(yaml).iterator();
    Node root = documents.hasNext() ? documents.next() : null;
    if (root != null && more(documents)) {
      problems.warn(
          start,
          "the file holds several documents: docker stack deploy reads the first alone; remove the"
              + " others");
    }
    return root;
  }

  /** What comes behind the first document need not even be YAML. */
  private static boolean more(Iterator<Node> documents) {
    try {
      return documents.hasNext();
    } catch (YamlEngineException e) {
      return true;
    }
  }

  private Value value(Node node) {
    if (++values > MOST_VALUES) {
      throw new TooLarge();
    }
    String tag = node.getTag().getValue();
    if (MERGE_TAGS.contains(tag)) {
      problems.error(
          place(node),
          "the tag '%s' is for docker compose: a stack's files are merged by the rules of docker"
                  .formatted(tag)
              + " stack deploy; leave the value out of the earlier file");
    }
    if (!open.add(node)) {
      problems.error(place(node), "an alias inside of its own anchor has no end; remove it");
      return new Scalar(null, place(node));
    }
    try {
      return switch (node) {
        case ScalarNode scalar -> new Scalar(scalar(scalar), place(node));
        case SequenceNode sequence -> {
          List<Value> items = new ArrayList<>();
          sequence.getValue().forEach(item -> items.add(value(item)));
          yield new Items(items, place(node));
        }
        case MappingNode mapping -> mapping(mapping);
        default -> new Scalar(null, place(node));
      };
    } finally {
      open.remove(node);
    }
  }

  private static Object scalar(ScalarNode node) {
    return READ.contains(node.getTag()) ? ScalarReader.read(node.getValue()) : node.getValue();
  }

  private Fields mapping(MappingNode node) {
    Map<String, Field> own = new LinkedHashMap<>();
    List<Fields> merged = new ArrayList<>();
    boolean mergeSeen = false;
    for (NodeTuple tuple : node.getValue()) {
      Mark mark = place(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)
          || !(scalar(key) instanceof String name)) {
        problems.error(mark, "a key must be a string; put it in quotes");
        continue;
      }
      Value value = value(tuple.getValueNode());
      if (key.isPlain() && name.equals("<<")) {
        if (mergeSeen) {
          problems.error(mark, "'<<' stands here twice; write '<<: [*one, *other]' once");
        }
        mergeSeen = true;
        merge(value, mark, merged);
      } else if (own.containsKey(name)) {
        problems.error(
            mark,
            "'%s' stands here twice, first in line %d; remove one"
                .formatted(name, own.get(name).keyMark().line()));
      } else {
        own.put(name, new Field(mark, value));
      }
    }
    // A key of the mapping wins over one that is merged in, an earlier merge over a later.
    merged.forEach(m -> m.fields().forEach(own::putIfAbsent));
    return new Fields(own, place(node));
  }

  private void merge(Value value, Mark mark, List<Fields> merged) {
    switch (value) {
      case Fields fields -> merged.add(fields);
      case Items items when items.items().stream().allMatch(Fields.class::isInstance) ->
          items.items().forEach(i -> merged.add((Fields) i));
      default -> problems.error(mark, "'<<' takes a mapping or a list of mappings");
    }
  }

  private Mark place(Node node) {
    return node.getStartMark().map(this::mark).orElse(new Mark(file, 1, 1));
  }

  private Mark mark(org.snakeyaml.engine.v2.exceptions.Mark mark) {
    return new Mark(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
