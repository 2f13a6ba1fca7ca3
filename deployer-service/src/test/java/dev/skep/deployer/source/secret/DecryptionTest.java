package dev.skep.deployer.source.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecryptionTest {
  private static final long LIMIT = 1000;
  private static final byte[] CLEAR = "hunter2\n".getBytes(UTF_8);

  private final SopsProgram noSops = new SopsProgram("sops", List.of(), Duration.ofSeconds(1));
  @TempDir Path dir;

  @Test
  void whatAgeEncryptedIsOpenedInBothForms() throws Exception {
    Decryption one = with(TestAge.ONE_KEY);

    assertThat(one.open("a/x.age", TestAge.binary(CLEAR, TestAge.ONE), LIMIT)).isEqualTo(CLEAR);
    String armored = TestAge.armored(CLEAR, TestAge.ONE);
    assertThat(armored).startsWith("-----BEGIN AGE ENCRYPTED FILE-----");
    assertThat(one.open("x.age", armored.getBytes(UTF_8), LIMIT)).isEqualTo(CLEAR);
  }

  @Test
  void anyOfSeveralIdentitiesAndRecipientsWill() throws Exception {
    byte[] toTwo = TestAge.binary(CLEAR, TestAge.TWO);
    byte[] toBoth = TestAge.binary(CLEAR, TestAge.ONE, TestAge.TWO);

    assertThat(with(TestAge.ONE_KEY + "\n" + TestAge.TWO_KEY).open("x.age", toTwo, LIMIT))
        .isEqualTo(CLEAR);
    assertThat(with(TestAge.TWO_KEY).open("x.age", toBoth, LIMIT)).isEqualTo(CLEAR);
  }

  @Test
  void whatIsNotEncryptedStaysAsItIs() throws Exception {
    byte[] yaml = "services: {} # about sops: and age\n".getBytes(UTF_8);

    assertThat(with(TestAge.ONE_KEY).open("compose.yml", yaml, LIMIT)).isSameAs(yaml);
  }

  @Test
  void withoutAnIdentityItIsSaidWhatToDeclare() {
    Decryption none = new Decryption(Identities.none(), noSops);

    assertThatThrownBy(() -> none.open("a/x.age", TestAge.binary(CLEAR, TestAge.ONE), LIMIT))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "'a/x.age' is encrypted by age, and the source has no identity to open it; declare its"
                + " 'ageKeyFile'");
  }

  @Test
  void oneForAnotherIdentityIsTold() {
    assertThatThrownBy(
            () -> with(TestAge.TWO_KEY).open("x.age", TestAge.binary(CLEAR, TestAge.ONE), LIMIT))
        .hasMessageContaining("'x.age' is not encrypted to an identity of this source's")
        .hasMessageEndingWith("encrypt it to " + TestAge.TWO + ", too");
  }

  @Test
  void aDamagedOneIsTold() {
    byte[] changed = TestAge.binary(CLEAR, TestAge.ONE);
    changed[changed.length - 1] ^= 1;
    byte[] whole = TestAge.binary(new byte[200], TestAge.ONE);
    byte[] cut = Arrays.copyOf(whole, whole.length - 50);

    for (byte[] damaged : List.of(changed, cut, CLEAR, new byte[0])) {
      assertThatThrownBy(() -> with(TestAge.ONE_KEY).open("x.age", damaged, LIMIT))
          .isInstanceOf(IOException.class)
          .hasMessage("'x.age' is damaged, or not a file of age; encrypt it anew");
    }
  }

  @Test
  void oneWithMoreRecipientsThanAnybodyHasIsNotTried() {
    String[] many = Collections.nCopies(101, TestAge.ONE).toArray(String[]::new);

    assertThatThrownBy(
            () -> with(TestAge.ONE_KEY).open("x.age", TestAge.binary(CLEAR, many), LIMIT))
        .hasMessageContaining("'x.age' is damaged");
  }

  @Test
  void anEncryptedFileUnderAnotherNameIsNotHandedOnAsItIs() {
    byte[] binary = TestAge.binary(CLEAR, TestAge.ONE);
    byte[] armored = ("\n" + TestAge.armored(CLEAR, TestAge.ONE)).getBytes(UTF_8);

    for (byte[] encrypted : List.of(binary, armored)) {
      assertThatThrownBy(() -> with(TestAge.ONE_KEY).open("x.txt", encrypted, LIMIT))
          .hasMessageContaining("rename it to 'x.txt.age'");
    }
  }

  @Test
  void noMoreIsOpenedThanIsTaken() throws Exception {
    byte[] large = TestAge.binary(new byte[300_000], TestAge.ONE);

    assertThat(with(TestAge.ONE_KEY).open("x.age", large, LIMIT)).hasSize((int) LIMIT + 1);
  }

  @Test
  void whatSopsEncryptedNeedsItsProgram() {
    assertThatThrownBy(
            () ->
                with(TestAge.ONE_KEY)
                    .open("a/db.env", TestSops.dotenv(TestAge.ONE).getBytes(UTF_8), LIMIT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'a/db.env' is encrypted by SOPS, and there is no program 'sops'")
        .hasMessageContaining("SKEP_SOPS");
  }

  @Test
  void whatSopsEncryptedForOthersNeverReachesItsProgram() {
    for (String document :
        List.of(
            TestSops.yaml(TestAge.ONE), TestSops.json(TestAge.ONE), TestSops.dotenv(TestAge.ONE))) {
      assertThatThrownBy(() -> with(TestAge.TWO_KEY).open("x", document.getBytes(UTF_8), LIMIT))
          .hasMessageContaining("'x' is not encrypted by SOPS to an identity of this source's");
      assertThatThrownBy(
              () ->
                  new Decryption(Identities.none(), noSops)
                      .open("x", document.getBytes(UTF_8), LIMIT))
          .hasMessageContaining("declare its 'ageKeyFile'");
    }
  }

  @Test
  void aDocumentThatNamesAnotherRecipientForOurKeyNeverReachesItsProgram() {
    // The program would pass it over and ask the next key that the document names.
    for (String document :
        List.of(
            TestSops.yaml(TestAge.ONE), TestSops.json(TestAge.ONE), TestSops.dotenv(TestAge.ONE))) {
      byte[] forged = document.replace(TestAge.ONE, TestAge.TWO).getBytes(UTF_8);
      assertThatThrownBy(() -> with(TestAge.ONE_KEY).open("x", forged, LIMIT))
          .hasMessageContaining("is not encrypted by SOPS to an identity of this source's");
    }
  }

  private Decryption with(String keys) throws Exception {
    Path file = Files.writeString(dir.resolve("key"), keys);
    return new Decryption(Identities.read(Optional.of(file)), noSops);
  }
}
