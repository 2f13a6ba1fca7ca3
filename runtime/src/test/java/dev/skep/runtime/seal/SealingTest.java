package dev.skep.runtime.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.Sealed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingTest {
  private static final byte[] PLAIN = "a leaf key".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;

  @Test
  void whatIsSealedOpensInTheSameContext() {
    PrivateKeyRing ring = PrivateKeyRing.create();

    Sealed sealed = ring.publicKeys().seal(PLAIN, "certificate|example.org");

    assertThat(ring.open(sealed, "certificate|example.org")).isEqualTo(PLAIN);
    assertThat(sealed.keyId()).isEqualTo(ring.publicKeys().currentKeyId()).hasSize(8);
  }

  @Test
  void anotherContextDoesNotOpenIt() {
    PrivateKeyRing ring = PrivateKeyRing.create();
    Sealed sealed = ring.publicKeys().seal(PLAIN, "certificate|example.org");

    assertThatThrownBy(() -> ring.open(sealed, "certificate|evil.example"))
        .isInstanceOf(SealException.class)
        .hasMessageContaining("sealed for another use");
  }

  @Test
  void whatWasAlteredDoesNotOpen() {
    PrivateKeyRing ring = PrivateKeyRing.create();
    Sealed sealed = ring.publicKeys().seal(PLAIN, "x");
    byte[] bytes = Base64.getDecoder().decode(sealed.ciphertext());
    bytes[bytes.length - 1] ^= 1;
    Sealed altered = new Sealed(sealed.keyId(), Base64.getEncoder().encodeToString(bytes));

    assertThatThrownBy(() -> ring.open(altered, "x")).isInstanceOf(SealException.class);
  }

  @Test
  void aForeignKeyIsNamed() {
    Sealed sealed = PrivateKeyRing.create().publicKeys().seal(PLAIN, "x");
    PrivateKeyRing other = PrivateKeyRing.create();

    assertThatThrownBy(() -> other.open(sealed, "x"))
        .isInstanceOf(SealException.class)
        .hasMessageContaining(sealed.keyId())
        .hasMessageContaining(other.publicKeys().currentKeyId());
  }

  @Test
  void rotationSealsToANewKeyAndStillOpensTheOld() {
    Path file = dir.resolve("keys/edge.json");
    PrivateKeyRing ring = PrivateKeyRing.loadOrCreate(file);
    Sealed old = ring.publicKeys().seal(PLAIN, "x");

    ring.rotate();

    PrivateKeyRing reloaded = PrivateKeyRing.load(file);
    Sealed fresh = reloaded.publicKeys().seal(PLAIN, "x");
    assertThat(fresh.keyId()).isNotEqualTo(old.keyId());
    assertThat(reloaded.open(old, "x")).isEqualTo(PLAIN);
    assertThat(ring.open(fresh, "x")).isEqualTo(PLAIN);
  }

  @Test
  void privateKeysAreForTheirOwnerAloneAndStayTheSame() throws IOException {
    Path file = dir.resolve("own.json");
    Sealed sealed = PrivateKeyRing.loadOrCreate(file).publicKeys().seal(PLAIN, "x");

    PrivateKeyRing again = PrivateKeyRing.loadOrCreate(file);

    assertThat(again.open(sealed, "x")).isEqualTo(PLAIN);
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(dir)
        .isDirectoryContaining(p -> p.equals(file))
        .isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void aPrivateKeyFileThatIsOpenToOthersIsNarrowed() throws IOException {
    Path file = dir.resolve("own.json");
    PrivateKeyRing.loadOrCreate(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    PrivateKeyRing.loadOrCreate(file);

    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void publicKeysTravelAsAFile() {
    PrivateKeyRing ring = PrivateKeyRing.create();
    Path file = dir.resolve("public.json");
    ring.publicKeys().save(file);

    Sealed sealed = PublicKeyRing.load(file).seal(PLAIN, "x");

    assertThat(ring.open(sealed, "x")).isEqualTo(PLAIN);
  }

  @Test
  void aPublicFileDoesNotHoldPrivateKeys() {
    Path file = dir.resolve("public.json");
    PrivateKeyRing.create().publicKeys().save(file);

    assertThat(file).content().doesNotContain("PRIVATE");
  }

  @Test
  void aSpoiltFileIsAnErrorThatDoesNotQuoteIt() throws IOException {
    Path file = Files.writeString(dir.resolve("own.json"), "{\"secret\": \"s3cret\"");

    assertThatThrownBy(() -> PrivateKeyRing.load(file))
        .isInstanceOf(SealException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void aSecretDoesNotShowInText() {
    Sealed sealed = PrivateKeyRing.create().publicKeys().seal(PLAIN, "x");

    assertThat(sealed.toString()).doesNotContain(sealed.ciphertext());
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
