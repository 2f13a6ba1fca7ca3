package dev.skep.deployer.convert;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Puts together compose files of one stack at random, of what {@link StackFragments} has for each
 * key. The same seed gives the same files.
 */
final class RandomStack {
  private static final List<String> SERVICES = List.of("web", "db", "worker-1");
  private static final int MOST_KEYS = 9;

  private final Random random;
  private final Map<String, Boolean> global = new LinkedHashMap<>();
  private boolean several;

  private RandomStack(long seed) {
    random = new Random(seed);
  }

  /** The texts of one to three files, in the order of -c. */
  static List<String> files(long seed) {
    return new RandomStack(seed).make();
  }

  private List<String> make() {
    int dice = random.nextInt(10);
    int count = dice < 6 ? 1 : dice < 9 ? 2 : 3;
    several = count > 1;
    SERVICES.forEach(s -> global.put(s, random.nextInt(4) == 0));
    List<String> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(file(i == 0));
    }
    return files;
  }

  private String file(boolean first) {
    StringBuilder out = new StringBuilder(pick(StackFragments.VERSIONS));
    boolean anchors = random.nextInt(3) == 0;
    if (anchors) {
      out.append("x-common: &common {user: '5', labels: {l: one}, stop_grace_period: 3s}\n");
    }
    out.append("services:\n");
    for (String service : some(SERVICES, 1, SERVICES.size())) {
      out.append("  ").append(service).append(":\n");
      out.append("    image: ").append(pick(StackFragments.IMAGES)).append('\n');
      if (anchors && random.nextBoolean()) {
        out.append("    <<: *common\n");
      }
      keys(service)
          .forEach(
              (key, value) ->
                  out.append("    ").append(key).append(": ").append(value.get()).append('\n'));
    }
    StackFragments.OBJECTS.forEach(
        (section, objects) -> {
          if (first || random.nextInt(4) == 0) {
            out.append(section).append(":\n");
            objects.forEach((name, forms) -> out.append("  %s: %s\n".formatted(name, pick(forms))));
          }
        });
    return out.toString();
  }

  private Map<String, Supplier<String>> keys(String service) {
    Map<String, Supplier<String>> all = new LinkedHashMap<>();
    StackFragments.VALUES.forEach((key, forms) -> all.put(key, () -> pick(forms)));
    StackFragments.LISTS.forEach((key, items) -> all.put(key, () -> list(items)));
    StackFragments.ENTRIES.forEach((key, keys) -> all.put(key, () -> entries(keys)));
    all.put("deploy", () -> deploy(service));
    all.put("healthcheck", () -> mapping(StackFragments.HEALTHCHECK));
    all.put("networks", () -> random.nextBoolean() ? networks() : list(StackFragments.NETWORKS));
    all.put("ports", () -> list(several ? StackFragments.PUBLISHED : StackFragments.PORTS));
    if (several) {
      // Each file may have its own, but one service cannot have two.
      all.remove("credential_spec");
    }
    Map<String, Supplier<String>> chosen = new LinkedHashMap<>();
    some(List.copyOf(all.keySet()), 1, MOST_KEYS).forEach(key -> chosen.put(key, all.get(key)));
    return chosen;
  }

  private String deploy(String service) {
    Map<String, List<String>> keys = new LinkedHashMap<>(StackFragments.DEPLOY);
    keys.put("mode", StackFragments.modes(global.get(service)));
    if (!global.get(service)) {
      keys.put("replicas", StackFragments.REPLICAS);
    }
    Map<String, String> chosen = new LinkedHashMap<>();
    if (global.get(service)) {
      // Said each time, since another file may say how many.
      chosen.put("mode", pick(keys.get("mode")));
    }
    some(List.copyOf(keys.keySet()), 1, keys.size())
        .forEach(key -> chosen.put(key, pick(keys.get(key))));
    if (random.nextBoolean()) {
      chosen.put("update_config", mapping(StackFragments.UPDATE));
    }
    if (random.nextInt(3) == 0) {
      chosen.put("rollback_config", mapping(StackFragments.UPDATE));
    }
    if (random.nextBoolean()) {
      chosen.put("resources", mapping(StackFragments.resources(this::pick)));
    }
    if (random.nextBoolean()) {
      chosen.put("labels", entries(StackFragments.NAMES));
    }
    return flow(chosen);
  }

  private String networks() {
    Map<String, String> chosen = new LinkedHashMap<>();
    some(StackFragments.NETWORKS, 1, 2)
        .forEach(name -> chosen.put(name, pick(StackFragments.ATTACHMENTS)));
    return flow(chosen);
  }

  private String entries(List<String> keys) {
    if (random.nextBoolean()) {
      return list(StackFragments.PAIRS);
    }
    Map<String, String> chosen = new LinkedHashMap<>();
    some(keys, 0, keys.size()).forEach(k -> chosen.put(k, pick(StackFragments.SCALARS)));
    return flow(chosen);
  }

  private String mapping(Map<String, List<String>> keys) {
    Map<String, String> chosen = new LinkedHashMap<>();
    some(List.copyOf(keys.keySet()), 0, keys.size())
        .forEach(key -> chosen.put(key, pick(keys.get(key))));
    return flow(chosen);
  }

  private String list(List<String> items) {
    return "[" + String.join(", ", some(items, 0, Math.min(5, items.size()))) + "]";
  }

  private static String flow(Map<String, String> fields) {
    return "{"
        + String.join(
            ", ", fields.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList())
        + "}";
  }

  private List<String> some(List<String> of, int least, int most) {
    List<String> all = new ArrayList<>(of);
    Collections.shuffle(all, random);
    int count = least + random.nextInt(Math.max(1, Math.min(most, all.size()) - least + 1));
    return all.subList(0, Math.min(count, all.size()));
  }

  private String pick(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
