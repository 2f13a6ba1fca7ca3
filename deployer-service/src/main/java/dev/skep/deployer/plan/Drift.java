package dev.skep.deployer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the cluster differs from what a stack asks for. Names only: no value of any field, which
 * may be secret.
 *
 * @param items what differs, sorted by kind and name
 * @param underway full names of services that differ while Swarm updates them, or takes an update
 *     back: not drift yet
 */
public record Drift(List<Item> items, List<String> underway) {
  private static final int MOST_ITEMS = 5;
  private static final int MOST_FIELDS = 5;

  /** More are not told apart: whoever changes so much changes the same again. */
  private static final int MOST_KEYS = 50;

  /** A label's name may be long. */
  private static final int LONGEST = 120;

  /**
   * One object that differs.
   *
   * @param kind service, network, secret, config
   * @param name of a service without the namespace, of others in full
   * @param fields JSON pointers into its spec, with names in place of indexes; none if it is gone
   */
  public record Item(String kind, String name, List<String> fields) {
    public Item {
      fields = List.copyOf(fields);
    }

    boolean gone() {
      return fields.isEmpty();
    }

    private String shown() {
      return kind.equals("service") ? name : kind + " " + name;
    }

    private String text() {
      if (gone()) {
        return shown() + ": gone";
      }
      List<String> told = new ArrayList<>();
      fields.stream().limit(MOST_FIELDS).forEach(f -> told.add(dotted(f)));
      return "%s: %s%s"
          .formatted(shown(), String.join(", ", told), more(fields.size() - told.size()));
    }

    /** As people write fields: {@code TaskTemplate.ContainerSpec.Image}. */
    private static String dotted(String pointer) {
      String path = pointer.startsWith("/") ? pointer.substring(1) : pointer;
      String text = path.replace("/", ".").replace("~1", "/").replace("~0", "~");
      return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
    }
  }

  public Drift {
    items = List.copyOf(items);
    underway = List.copyOf(underway);
  }

  /** Whether all that can be told by now is as it should be. */
  public boolean none() {
    return items.isEmpty();
  }

  /** For people: {@code web: TaskTemplate.ContainerSpec.Image; worker: gone}. */
  public String text() {
    List<String> told = items.stream().limit(MOST_ITEMS).map(Item::text).toList();
    return String.join("; ", told) + more(items.size() - told.size());
  }

  /** What tells drift of a field from drift of another: the same ones may come again. */
  public Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    for (Item item : items) {
      if (item.gone()) {
        keys.add(cut(item.shown()));
      }
      item.fields().forEach(f -> keys.add(cut(item.shown() + ":" + f)));
    }
    return keys.size() <= MOST_KEYS ? keys : new TreeSet<>(keys.stream().limit(MOST_KEYS).toList());
  }

  /** What a set of keys is written and read with. */
  private static String cut(String key) {
    String plain = key.replace(',', '_');
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST);
  }

  private static String more(int count) {
    return count > 0 ? " and %d more".formatted(count) : "";
  }
}
