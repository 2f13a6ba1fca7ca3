package dev.skep.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.access.Role;
import dev.skep.runtime.access.TokenBook.Answer;
import dev.skep.runtime.config.Secret;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TokenBookTest {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
  private final ListedTokens tokens = new ListedTokens();
  private final TokenBook book = new TokenBook(new Secret("the-root"), tokens, clock);

  @Test
  void theRootTokenMayEverythingEvenBeforeTokensAreRead() {
    tokens.ready(false);

    assertThat(book.check("the-root")).isEqualTo(new Answer.Known("root", Role.ADMIN, ""));
  }

  @Test
  void aNamedTokenHasItsRole() {
    String ci = tokens.add("ci", Role.OPERATOR, null);

    assertThat(book.check(ci)).isEqualTo(new Answer.Known("ci", Role.OPERATOR, TokenText.hash(ci)));
  }

  @Test
  void anotherTokenOfTheSameNameIsNobodys() {
    tokens.add("ci", Role.OPERATOR, null);

    assertThat(book.check(TokenText.create("ci"))).isEqualTo(new Answer.Unknown());
  }

  @Test
  void whatIsNoTokenIsNobodysEvenBeforeTokensAreRead() {
    tokens.ready(false);

    assertThat(book.check(null)).isEqualTo(new Answer.Unknown());
    assertThat(book.check("")).isEqualTo(new Answer.Unknown());
    assertThat(book.check("the-wrong-root")).isEqualTo(new Answer.Unknown());
  }

  /** One that is read already may be revoked by what is not. */
  @Test
  void beforeTokensAreReadNoneIsTrustedNorCalledWrong() {
    String ci = tokens.add("ci", Role.OPERATOR, null);
    tokens.ready(false);

    assertThat(book.check(ci)).isEqualTo(new Answer.NotRead());
    assertThat(book.check(TokenText.create("other"))).isEqualTo(new Answer.NotRead());
  }

  @Test
  void aTokenEndsWithItsTime() {
    String ci = tokens.add("ci", Role.OPERATOR, NOW.plusSeconds(60));
    Answer before = book.check(ci);

    now.set(NOW.plusSeconds(60));

    assertThat(before).isInstanceOf(Answer.Known.class);
    assertThat(book.check(ci)).isEqualTo(new Answer.Unknown());
    assertThat(book.holds((Answer.Known) before)).isFalse();
  }

  @Test
  void whatWasKnownHoldsUntilItIsRevokedOrMadeAnew() {
    Answer.Known ci = (Answer.Known) book.check(tokens.add("ci", Role.OPERATOR, null));
    Answer.Known root = (Answer.Known) book.check("the-root");
    boolean before = book.holds(ci);

    tokens.add("ci", Role.OPERATOR, null);

    assertThat(before).isTrue();
    assertThat(book.holds(ci)).isFalse();
    assertThat(book.holds(root)).isTrue();
  }

  @Test
  void withoutARootTokenNothingIsIt() {
    TokenBook closed = new TokenBook(new Secret(""), tokens, clock);

    assertThat(closed.check("")).isEqualTo(new Answer.Unknown());
  }
}
