package dev.skep.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cert.policy.Records;
import dev.skep.cert.policy.Wanted;
import dev.skep.model.cert.Certificate;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CertStoreTest {
  private static final Certificate CERTIFICATE =
      Records.fresh(new Wanted("a.eu", "acme", Wanted.Choice.DEFAULT, "", null, List.of("r")));

  private final List<Write<?>> published = new ArrayList<>();
  private boolean brokerAway;

  private final CertStore store =
      new CertStore(
          Map.of(),
          writes -> {
            if (brokerAway) {
              throw new PublishException("the broker does not answer", null);
            }
            published.addAll(writes);
          });

  @Test
  void an_own_write_is_seen_at_once() {
    store.put(CERTIFICATE, "updated", "c-1");

    assertThat(store.certificate("a.eu")).contains(CERTIFICATE);
    assertThat(published).singleElement().extracting(Write::value).isEqualTo(CERTIFICATE);
  }

  @Test
  void what_is_there_already_is_not_written_again() {
    store.put(CERTIFICATE, "updated", null);

    store.put(CERTIFICATE, "updated", null);

    assertThat(published).hasSize(1);
  }

  @Test
  void a_write_that_was_not_confirmed_is_made_again() {
    brokerAway = true;
    assertThatThrownBy(() -> store.put(CERTIFICATE, "obtained", "c-1"))
        .isInstanceOf(PublishException.class);
    brokerAway = false;

    store.flush("a.eu");

    assertThat(published)
        .singleElement()
        .satisfies(
            write -> {
              assertThat(write.what()).isEqualTo("obtained");
              assertThat(write.correlationId()).isEqualTo("c-1");
            });
  }

  @Test
  void a_removal_that_was_not_confirmed_is_made_again() {
    store.put(CERTIFICATE, "updated", null);
    brokerAway = true;
    assertThatThrownBy(() -> store.remove("a.eu", null)).isInstanceOf(PublishException.class);
    brokerAway = false;

    store.flush("a.eu");

    assertThat(published.getLast().value()).isNull();
  }

  @Test
  void what_was_confirmed_is_not_flushed() {
    store.put(Records.renewAt(CERTIFICATE, Instant.EPOCH), "updated", null);

    store.flush("a.eu");

    assertThat(published).hasSize(1);
  }
}
