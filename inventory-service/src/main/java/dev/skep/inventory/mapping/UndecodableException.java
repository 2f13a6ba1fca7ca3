package dev.skep.inventory.mapping;

/** An object of the Engine that cannot be understood; the message says where and why. */
public final class UndecodableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UndecodableException(String reason) {
    super(reason);
  }
}
