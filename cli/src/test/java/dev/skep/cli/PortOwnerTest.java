package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortOwnerTest {
  @Test
  void aListenerIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String owner = PortOwner.of(taken.getLocalPort()).orElseThrow();

      assertThat(owner).endsWith("(pid " + ProcessHandle.current().pid() + ")");
    }
  }

  @Test
  void aTakenPortIsNotFreeAndAFreedOneIs() throws Exception {
    int port;
    boolean whileTaken;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      whileTaken = PortOwner.free(InetAddress.getLoopbackAddress(), port);
    }

    boolean after = PortOwner.free(InetAddress.getLoopbackAddress(), port);

    assertThat(whileTaken).isFalse();
    assertThat(after).isTrue();
  }

  @Test
  void onlyListeningSocketsOfThatPortCount() {
    String listening =
        "   0: 0100007F:20E4 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1";
    String connected =
        "   1: 0100007F:20E4 0100007F:1F90 01 00000000:00000000 00:00000000 00000000 0 0 4712 1";

    assertThat(PortOwner.listeningInode(listening, 8420)).contains("4711");
    assertThat(PortOwner.listeningInode(connected, 8420)).isEmpty();
    assertThat(PortOwner.listeningInode(listening, 8421)).isEmpty();
  }
}
