package dev.skep.deployer.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.stack.Stack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackLedgerTest {
  private final StackLedger ledger = new StackLedger();
  private final List<Stack> published = new ArrayList<>();

  @Test
  void aFoldBuildsOnTheOneBeforeItThoughTheViewLags() {
    ledger.applied("s", stack(1, 0));
    ledger.fold("c2", "s", base -> stack(base.revision() + 1, 0));

    Stack third = ledger.fold("c3", "s", base -> stack(base.revision() + 1, 0));

    assertThat(third.revision()).isEqualTo(3);
  }

  @Test
  void theSameCommandAgainBeginsWhereItBegan() {
    ledger.applied("s", stack(1, 0));
    ledger.fold("c2", "s", base -> stack(base.revision() + 1, 0));

    Stack again = ledger.fold("c2", "s", base -> stack(base.revision() + 1, 0));

    assertThat(again.revision()).isEqualTo(2);
  }

  @Test
  void whatWasObservedOfAnOldRevisionDoesNotOverwriteANewerOne() {
    ledger.applied("s", stack(1, 0));
    ledger.fold("c2", "s", base -> stack(2, 0));

    boolean done = ledger.observe("s", 1, s -> stack(1, 1), published::add);

    assertThat(done).isFalse();
    assertThat(published).isEmpty();
  }

  @Test
  void whatWasObservedIsTheBaseOfTheNextFoldThoughTheViewLags() {
    ledger.applied("s", stack(1, 0));
    ledger.observe("s", 1, s -> stack(1, 1), published::add);
    ledger.applied("s", stack(1, 0));

    Stack folded = ledger.fold("c2", "s", base -> stack(2, base.observedRevision()));

    assertThat(folded.observedRevision()).isEqualTo(1);
  }

  @Test
  void aCommandThatWasPutAsideHoldsUpNobody() {
    ledger.applied("s", stack(1, 0));
    ledger.fold("c2", "s", base -> stack(2, 0));
    ledger.forget("c2");

    boolean done = ledger.observe("s", 1, s -> stack(1, 1), published::add);

    assertThat(done).isTrue();
  }

  @Test
  void aFailedPublicationChangesNothing() {
    ledger.applied("s", stack(1, 0));

    assertThatThrownBy(
            () ->
                ledger.observe(
                    "s",
                    1,
                    s -> stack(1, 1),
                    s -> {
                      throw new IllegalStateException("no broker");
                    }))
        .hasMessage("no broker");

    Stack base = ledger.fold("c2", "s", b -> b);
    assertThat(base.observedRevision()).isZero();
  }

  private static Stack stack(long revision, long observed) {
    return new Stack("s", revision, observed, List.of(), null, false, Instant.EPOCH, List.of());
  }
}
