package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The conversions that several keys share; each tells its problems where they stand. */
final class Forms {
  private final Problems problems;

  Forms(Problems problems) {
    this.problems = problems;
  }

  /** {@code fields} with the value of a key changed, if there is one. */
  Fields change(Fields fields, String key, UnaryOperator<Value> change) {
    Value value = fields.get(key);
    return value == null ? fields : fields.with(key, change.apply(value));
  }

  /** A new mapping of keys and values in turn; null values are left out. */
  Fields mapping(Mark mark, Object... keysAndValues) {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      if (keysAndValues[i + 1] != null) {
        fields.put(
            (String) keysAndValues[i], new Field(mark, new Scalar(keysAndValues[i + 1], mark)));
      }
    }
    return new Fields(fields, mark);
  }

  /** A string becomes a list of one. */
  Value list(Value value) {
    return value instanceof Scalar s ? new Items(List.of(s), s.mark()) : value;
  }

  /** A command line becomes its words. */
  Value command(Value value) {
    if (!(value instanceof Scalar line)) {
      return value;
    }
    try {
      return Value.texts(ShellWords.split(line.text()), line.mark());
    } catch (ShellWords.Unfinished e) {
      problems.error(line.mark(), "the command cannot be split into words: " + e.getMessage());
      return new Items(List.of(), line.mark());
    }
  }

  /**
   * A list of KEY=VALUE becomes a mapping, all values become texts.
   *
   * @param nullable whether a key without a value stays so; else it is ""
   */
  Fields entries(Value value, boolean nullable) {
    Map<String, Field> result = new LinkedHashMap<>();
    if (value instanceof Items items) {
      for (Value item : items.items()) {
        String text = ((Scalar) item).text();
        int equals = text.indexOf('=');
        String key = equals < 0 ? text : text.substring(0, equals);
        Object content = equals < 0 ? (nullable ? null : "") : text.substring(equals + 1);
        result.put(key, new Field(item.mark(), new Scalar(content, item.mark())));
      }
      return new Fields(result, value.mark());
    }
    ((Fields) value)
        .fields()
        .forEach(
            (key, field) -> {
              Scalar scalar = (Scalar) field.value();
              Object content = scalar.isNull() && nullable ? null : scalar.text();
              result.put(key, new Field(field.keyMark(), new Scalar(content, scalar.mark())));
            });
    return new Fields(result, value.mark());
  }

  /** Nanoseconds. */
  Value duration(Value value) {
    return parsed(value, Quantity::nanos);
  }

  Value bytes(Value value) {
    return parsed(value, Quantity::bytes);
  }

  /** Billionths of a CPU. */
  Value cpus(Value value) {
    return ((Scalar) value).text().isEmpty()
        ? new Scalar(0L, value.mark())
        : parsed(value, Quantity::nanoCpus);
  }

  /** A whole number, also where it was written as 3.0. */
  Value whole(Value value) {
    return value instanceof Scalar(Double d, Mark mark) ? new Scalar(d.longValue(), mark) : value;
  }

  private Value parsed(Value value, Function<String, Long> parse) {
    try {
      return new Scalar(parse.apply(((Scalar) value).text()), value.mark());
    } catch (IllegalArgumentException e) {
      problems.error(value.mark(), e.getMessage());
      return new Scalar(0L, value.mark());
    }
  }

  /** Tells numbers under these keys that are negative. */
  void counts(Fields fields, String... keys) {
    for (String key : keys) {
      Long number = fields.number(key);
      if (number != null && number < 0) {
        problems.error(
            fields.get(key).mark(), "'%s' must not be negative, but is %d".formatted(key, number));
      }
    }
  }

  /** Tells a value that is none of those which the Engine knows. */
  void oneOf(Fields fields, String key, String... known) {
    String text = fields.text(key);
    if (!text.isEmpty() && !List.of(known).contains(text)) {
      String advice =
          Spelling.meant(text, List.of(known)).map(m -> "; did you mean '" + m + "'?").orElse("");
      problems.error(
          fields.get(key).mark(),
          "'%s' must be one of %s, not '%s'%s"
              .formatted(key, String.join(", ", known), text, advice));
    }
  }
}
