package dev.skep.deployer.compose;

import java.util.Map;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * Gives plain scalars a tag of their own, so that a tag that is written can be told from none:
 * {@code !!str 0777} is a text, {@code 0777} is for {@link ScalarReader}.
 */
final class PlainTags implements Schema {
  /** Of a plain scalar without a tag. */
  static final Tag PLAIN = new Tag("!skep-plain");

  @Override
  public ScalarResolver getScalarResolver() {
    return (value, plain) -> plain ? PLAIN : Tag.STR;
  }

  /** Nothing is constructed here: {@link YamlReader} takes the nodes. */
  @Override
  public Map<Tag, ConstructNode> getSchemaTagConstructors() {
    return Map.of();
  }
}
