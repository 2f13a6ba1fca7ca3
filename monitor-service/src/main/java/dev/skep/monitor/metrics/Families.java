package dev.skep.monitor.metrics;

import dev.skep.monitor.cluster.Histogram;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;

/** Metric families in the making, in the order in which they are begun. */
final class Families {
  private final List<Family> all = new ArrayList<>();

  /** One family: a name, its labels, and a sample per object. */
  static final class Family {
    private final String base;
    private final String name;
    private final Collector.Type type;
    private final String help;
    private final List<String> labels;
    private final List<Sample> samples = new ArrayList<>();

    private Family(
        String base, String name, Collector.Type type, String help, List<String> labels) {
      this.base = base;
      this.name = name;
      this.type = type;
      this.help = help;
      this.labels = labels;
    }

    /** Adds a sample; null label values are written as "". */
    void add(double value, String... values) {
      samples.add(new Sample(name, labels, present(values), value));
    }

    /** Adds a sample of a whole number; beyond 2^53 the last digits are lost, as in any metric. */
    void add(long value, String... values) {
      add((double) value, values);
    }

    /** Adds an object's buckets, count and sum, to a family begun as a histogram. */
    void add(Histogram histogram, String... values) {
      List<String> own = present(values);
      List<String> withLe = plus(labels, "le");
      for (int i = 0; i < histogram.size(); i++) {
        String le = Collector.doubleToGoString(histogram.bound(i));
        samples.add(
            new Sample(name + "_bucket", withLe, plus(own, le), (double) histogram.cumulative(i)));
      }
      samples.add(
          new Sample(name + "_bucket", withLe, plus(own, "+Inf"), (double) histogram.count()));
      samples.add(new Sample(name + "_count", labels, own, (double) histogram.count()));
      samples.add(new Sample(name + "_sum", labels, own, histogram.sum()));
    }
  }

  /** A gauge. */
  Family gauge(String name, String help, String... labels) {
    return begin(name, name, Collector.Type.GAUGE, help, labels);
  }

  /** What an object is, as labels of a constant 1. {@code name} ends in {@code _info}. */
  Family info(String name, String help, String... labels) {
    return begin(without(name, "_info"), name, Collector.Type.INFO, help, labels);
  }

  /** A counter. {@code name} ends in {@code _total}. */
  Family counter(String name, String help, String... labels) {
    return begin(without(name, "_total"), name, Collector.Type.COUNTER, help, labels);
  }

  /** A histogram, in seconds. */
  Family histogram(String name, String help, String... labels) {
    return begin(name, name, Collector.Type.HISTOGRAM, help, labels);
  }

  /** Every family that has a sample: one without any says nothing. */
  List<MetricFamilySamples> list() {
    return all.stream()
        .filter(f -> !f.samples.isEmpty())
        .map(f -> new MetricFamilySamples(f.base, f.type, f.help, f.samples))
        .toList();
  }

  private Family begin(
      String base, String name, Collector.Type type, String help, String... labels) {
    Family family = new Family(base, name, type, help, List.of(labels));
    all.add(family);
    return family;
  }

  private static String without(String name, String suffix) {
    if (!name.endsWith(suffix)) {
      throw new IllegalArgumentException(name + " does not end in " + suffix);
    }
    return name.substring(0, name.length() - suffix.length());
  }

  private static List<String> plus(List<String> list, String last) {
    List<String> longer = new ArrayList<>(list.size() + 1);
    longer.addAll(list);
    longer.add(last);
    return longer;
  }

  private static List<String> present(String... values) {
    List<String> present = new ArrayList<>(values.length);
    for (String value : values) {
      present.add(value == null ? "" : value);
    }
    return present;
  }
}
