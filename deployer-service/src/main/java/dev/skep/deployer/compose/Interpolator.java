package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fills the variables of a document's values (never of its keys). Where a number or a boolean
 * belongs, a value that came out of a variable becomes one.
 */
final class Interpolator {
  /** Read before there are variables. */
  private static final Set<String> AS_WRITTEN = Set.of("version", SkepSettings.KEY);

  private static final Pattern WHOLE =
      Pattern.compile(
          "services/[^/]+/(((configs|secrets)/#/mode)|healthcheck/retries|deploy/replicas"
              + "|deploy/(update|rollback)_config/parallelism|deploy/restart_policy/max_attempts"
              + "|deploy/placement/max_replicas_per_node|ports/#/(target|published)"
              + "|ulimits/[^/]+(/(hard|soft))?)");
  private static final Pattern REAL =
      Pattern.compile("services/[^/]+/deploy/(update|rollback)_config/max_failure_ratio");
  private static final Pattern FLAG =
      Pattern.compile(
          "services/[^/]+/(healthcheck/disable|init|privileged|read_only|stdin_open|tty|depends_on/[^/]+/(required|restart)"
              + "|volumes/#/(read_only|volume/nocopy))"
              + "|(networks|volumes|secrets|configs)/[^/]+/external"
              + "|networks/[^/]+/(internal|attachable)");

  private final Map<String, String> variables;
  private final Problems problems;

  Interpolator(Map<String, String> variables, Problems problems) {
    this.variables = variables;
    this.problems = problems;
  }

  Fields document(Fields root) {
    Map<String, Field> next = new LinkedHashMap<>();
    root.fields()
        .forEach(
            (key, field) ->
                next.put(
                    key,
                    AS_WRITTEN.contains(key)
                        ? field
                        : new Field(field.keyMark(), value(field.value(), key))));
    return new Fields(next, root.mark());
  }

  private Value value(Value value, String path) {
    return switch (value) {
      case Scalar(String text, Mark mark) -> text(text, mark, path);
      case Scalar other -> other;
      case Items(List<Value> items, Mark mark) -> {
        List<Value> next = new ArrayList<>(items.size());
        items.forEach(i -> next.add(value(i, path + "/#")));
        yield new Items(next, mark);
      }
      case Fields(Map<String, Field> fields, Mark mark) -> {
        Map<String, Field> next = new LinkedHashMap<>();
        fields.forEach(
            (key, f) -> next.put(key, new Field(f.keyMark(), value(f.value(), path + "/" + key))));
        yield new Fields(next, mark);
      }
    };
  }

  private Scalar text(String text, Mark mark, String path) {
    String filled;
    try {
      filled = Template.fill(text, variables);
    } catch (Template.Invalid e) {
      problems.error(mark, e.getMessage());
      return new Scalar(text, mark);
    }
    if (filled.equals(text)) {
      return new Scalar(text, mark);
    }
    Template.suspicious(text)
        .ifPresent(
            name ->
                problems.warn(
                    mark,
                    "'$%s' followed by '-' or '?' is read as a default or a requirement, as docker"
                            .formatted(name)
                        + " stack deploy does; write ${%s} if the rest is text".formatted(name)));
    return new Scalar(cast(filled, mark, path), mark);
  }

  private Object cast(String text, Mark mark, String path) {
    if (WHOLE.matcher(path).matches()) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        problems.error(mark, "must be a whole number, the variable gives '" + text + "'");
        return 0L;
      }
    }
    if (REAL.matcher(path).matches()) {
      try {
        return Double.valueOf(text);
      } catch (NumberFormatException e) {
        problems.error(mark, "must be a number, the variable gives '" + text + "'");
        return 0d;
      }
    }
    if (!FLAG.matcher(path).matches()) {
      return text;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "y", "yes", "true", "on" -> true;
      case "n", "no", "false", "off" -> false;
      default -> {
        problems.error(mark, "must be true or false, the variable gives '" + text + "'");
        yield false;
      }
    };
  }
}
