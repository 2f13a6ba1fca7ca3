package dev.skep.cli;

/** What the all-in-one makes in the cluster. Everything it makes carries {@link #PART}. */
public final class Names {
  /** The label that marks an object as ours; its value names the part. */
  public static final String PART = "dev.skep.part";

  /** The overlay network on which edges reach services. */
  public static final String EDGE_NETWORK = "skep-edge";

  /** The Swarm service of the edge proxy. */
  public static final String HAPROXY = "skep-haproxy";

  /** The edge's name in one-node set-ups. */
  public static final String EDGE = "edge";

  /** The stack of {@code up --demo}. */
  public static final String DEMO_STACK = "demo";

  /** Where HAProxy sees the edge directory. */
  public static final String PROXY_DIR = "/var/lib/skep-edge";

  /** The uid and gid of HAProxy in its image. */
  public static final int PROXY_UID = 99;

  private Names() {}
}
