package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What services say under {@code depends_on}: brought to its long form, and checked. */
final class Dependencies {
  static final String KEY = "depends_on";

  /**
   * One run of the check.
   *
   * @param all also the services that their profiles leave out
   */
  private record Check(Fields services, Fields all, Problems problems, Set<String> done) {}

  private Dependencies() {}

  /** The long form: a list of names becomes a mapping to nothing. */
  static Value longForm(Value value) {
    if (!(value instanceof Items items)) {
      return value;
    }
    Map<String, Field> result = new LinkedHashMap<>();
    for (Value item : items.items()) {
      Fields nothing = new Fields(Map.of(), item.mark());
      result.put(((Scalar) item).text(), new Field(item.mark(), nothing));
    }
    return new Fields(result, value.mark());
  }

  /** A service's dependencies, in the file's order. */
  static List<Dependency> of(Fields service) {
    Fields said = service.fieldsOf(KEY);
    List<Dependency> result = new ArrayList<>();
    for (String name : said.fields().keySet()) {
      Fields one = said.fieldsOf(name);
      result.add(
          new Dependency(
              name,
              Dependency.Condition.of(one.text("condition")),
              !Boolean.FALSE.equals(one.flag("required"))));
    }
    return result;
  }

  /**
   * Tells each dependency on a service that is not there, and each cycle once.
   *
   * @param active the services that the stack has
   * @param all also those that their profiles leave out
   */
  static void check(Fields active, Fields all, Problems problems) {
    Check check = new Check(active, all, problems, new HashSet<>());
    for (String name : active.fields().keySet()) {
      unknown(name, check);
      restarts(name, check);
      follow(name, List.of(), check);
    }
  }

  private static void unknown(String name, Check check) {
    Fields service = check.services().fieldsOf(name);
    Fields said = service.fieldsOf(KEY);
    for (Dependency one : of(service)) {
      if (!one.required() || check.services().has(one.service())) {
        continue;
      }
      String advice =
          check.all().has(one.service())
              ? "its profiles leave it out: name one of %s in %s, or say 'required: false'"
                  .formatted(
                      String.join(", ", check.all().fieldsOf(one.service()).textsOf(Profiles.KEY)),
                      Profiles.VARIABLE)
              : Spelling.meant(one.service(), check.all().fields().keySet())
                  .map(m -> "did you mean '" + m + "'?")
                  .orElse("declare it under 'services:', or remove it here");
      check
          .problems()
          .error(
              said.markOf(one.service()),
              "services.%s depends on the undefined service '%s'; %s"
                  .formatted(name, one.service(), advice));
    }
  }

  /** Whoever is restarted although it did not change would be a surprise to the one who deploys. */
  private static void restarts(String name, Check check) {
    Fields said = check.services().fieldsOf(name).fieldsOf(KEY);
    for (String other : said.fields().keySet()) {
      if (Boolean.TRUE.equals(said.fieldsOf(other).flag("restart"))) {
        check
            .problems()
            .warn(
                said.fieldsOf(other).markOf("restart"),
                ("'services.%s.depends_on.%s.restart' is ignored: only what changed is restarted;"
                        + " skep stack restart does the others")
                    .formatted(name, other));
      }
    }
  }

  private static void follow(String name, List<String> path, Check check) {
    int start = path.indexOf(name);
    if (start >= 0) {
      List<String> cycle = new ArrayList<>(path.subList(start, path.size()));
      String last = cycle.getLast();
      cycle.add(name);
      check
          .problems()
          .error(
              check.services().fieldsOf(last).fieldsOf(KEY).markOf(name),
              "services depend on each other in a circle: %s; remove one of them"
                  .formatted(String.join(" -> ", cycle)));
      return;
    }
    if (check.done().contains(name) || !check.services().has(name)) {
      return;
    }
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    of(check.services().fieldsOf(name)).forEach(d -> follow(d.service(), longer, check));
    check.done().add(name);
  }
}
