package dev.skep.model.edge;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.stream.Stream;

/** What a request must match, as a tree. Values are validated: they hold no quotes or breaks. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Rule.Host.class, name = "host"),
  @JsonSubTypes.Type(value = Rule.PathPrefix.class, name = "pathPrefix"),
  @JsonSubTypes.Type(value = Rule.And.class, name = "and"),
  @JsonSubTypes.Type(value = Rule.Or.class, name = "or"),
})
public sealed interface Rule {
  /**
   * The request's host equals this, port aside.
   *
   * @param name lower case, no trailing dot
   */
  record Host(String name) implements Rule {}

  /**
   * The request's path starts with this.
   *
   * @param prefix with its leading slash; case matters
   */
  record PathPrefix(String prefix) implements Rule {}

  /**
   * All hold.
   *
   * @param rules two or more
   */
  record And(List<Rule> rules) implements Rule {
    public And {
      rules = List.copyOf(rules);
    }
  }

  /**
   * At least one holds.
   *
   * @param rules two or more
   */
  record Or(List<Rule> rules) implements Rule {
    public Or {
      rules = List.copyOf(rules);
    }
  }

  /** Every host name in the tree, in order, without repeats. */
  default List<String> hosts() {
    return walk().filter(Host.class::isInstance).map(r -> ((Host) r).name()).distinct().toList();
  }

  private Stream<Rule> walk() {
    return switch (this) {
      case And(List<Rule> rules) -> rules.stream().flatMap(Rule::walk);
      case Or(List<Rule> rules) -> rules.stream().flatMap(Rule::walk);
      default -> Stream.of(this);
    };
  }
}
