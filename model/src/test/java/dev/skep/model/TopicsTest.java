package dev.skep.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import org.junit.jupiter.api.Test;

class TopicsTest {
  @Test
  void everyNameIsOursAndStandsOnce() {
    assertThat(Topics.all())
        .extracting(TopicSpec::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("skep\\.[a-z.-]+"));
  }

  @Test
  void stateTopicsAreCompactedWithSegmentsThatCloseEarly() {
    assertThat(Topics.ROUTES.config())
        .containsEntry("cleanup.policy", "compact")
        .containsEntry("segment.ms", "600000")
        .containsEntry("segment.bytes", "16777216");
  }

  @Test
  void whatCannotBeReadAgainFromTheClusterIsFlushedAtOnce() {
    assertThat(Topics.all())
        .filteredOn(TopicSpec::flushEach)
        .containsExactlyInAnyOrder(
            Topics.CERTIFICATES,
            Topics.STACKS,
            Topics.DEPLOYMENTS,
            Topics.REVISIONS,
            Topics.TOKENS);
  }

  @Test
  void commandsAreKeptForAWeek() {
    assertThat(Topics.COMMANDS.config())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", "604800000");
  }
}
