package dev.skep.deployer.apply;

/** Something newer is desired of the stack by now: what is there is left to that. */
public final class OvertakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OvertakenException() {
    super("overtaken by a newer deployment of the stack");
  }
}
