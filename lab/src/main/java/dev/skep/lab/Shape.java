package dev.skep.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many nodes of each kind.
 *
 * @param managers 1 to 9; an odd number, as a quorum wants it
 * @param workers 0 to 9
 * @param edges 0 to 9; workers that hold the floating address in turn
 */
public record Shape(int managers, int workers, int edges) {
  /** What the product is for: three managers, two workers, two edges. */
  public static final Shape DEFAULT = new Shape(3, 2, 2);

  /**
   * Checks the numbers.
   *
   * @throws LabException naming the option that is wrong
   */
  public Shape {
    if (managers < 1 || managers > 9 || managers % 2 == 0) {
      throw new LabException(
          "--managers " + managers + ": 1, 3, 5, 7 or 9, so that a majority exists");
    }
    check("--workers", workers);
    check("--edges", edges);
  }

  /** Every node, managers first. */
  public List<Node> nodes() {
    return Stream.of(
            nodes(Node.Role.MANAGER, managers),
            nodes(Node.Role.WORKER, workers),
            nodes(Node.Role.EDGE, edges))
        .flatMap(s -> s)
        .toList();
  }

  /** "3,2,2", as {@link #parse} reads it. */
  @Override
  public String toString() {
    return managers + "," + workers + "," + edges;
  }

  /** The counterpart of {@link #toString}. */
  static Shape parse(String text) {
    List<Integer> counts = new ArrayList<>();
    for (String count : text.split(",", -1)) {
      counts.add(Integer.valueOf(count));
    }
    return new Shape(counts.get(0), counts.get(1), counts.get(2));
  }

  private static Stream<Node> nodes(Node.Role role, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(number -> new Node(role, number));
  }

  private static void check(String option, int count) {
    if (count < 0 || count > 9) {
      throw new LabException(option + " " + count + ": 0 to 9");
    }
  }
}
