package dev.skep.model.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.stack.Deployment.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is remembered of one version of a stack, free of secrets.
 *
 * @param number counts from 1; the deployment's revision
 * @param command the id of the command that asked for it
 * @param by who asked
 * @param at when it was asked for
 * @param source where its files came from
 * @param removal whether it is the removal of the stack; it has no body then
 * @param rollbackOf the revision whose body it repeats; 0 if it is none
 * @param options those that change what a deployment does, by name
 * @param services names of its services, without the namespace
 * @param phase how far it is
 * @param error why it failed; "" unless {@link Phase#FAILED}
 * @param finishedAt null while it runs
 * @param summary what was done; null while it runs
 * @param images which images its services ran, as far as they were known by their digests
 * @param files which secrets and configs its services used
 */
public record Revision(
    String stack,
    long number,
    String command,
    String by,
    Instant at,
    Source source,
    boolean removal,
    long rollbackOf,
    Map<String, String> options,
    List<String> services,
    Phase phase,
    String error,
    Instant finishedAt,
    Summary summary,
    List<Image> images,
    List<FileUse> files)
    implements RevisionEntry {

  /**
   * Where files came from.
   *
   * @param files their names, as they were given
   * @param repository the URL of a Git repository, without credentials; "" for none
   * @param commit the full id of the commit; "" for none
   */
  public record Source(List<String> files, String repository, String commit) {
    /** Nobody said. */
    public static final Source UNKNOWN = new Source(List.of(), "", "");

    public Source {
      files = files == null ? List.of() : List.copyOf(files);
      repository = repository == null ? "" : repository;
      commit = commit == null ? "" : commit;
    }

    /** Files of a directory. */
    public static Source of(List<String> files) {
      return new Source(files, "", "");
    }

    /** For people: {@code web.yml, prod.yml} or {@code https://host/repo@1a2b3c4d}. */
    public String text() {
      if (repository.isEmpty()) {
        return String.join(", ", files);
      }
      String at = commit.isEmpty() ? "" : "@" + commit.substring(0, Math.min(8, commit.length()));
      return repository + at;
    }
  }

  /**
   * What a deployment did.
   *
   * @param changed fields of services that were updated, at most some dozens
   * @param more how many services had changed fields and are not in {@code changed}
   */
  public record Summary(
      int created,
      int updated,
      int unchanged,
      int removed,
      int held,
      int failed,
      List<Changed> changed,
      int more) {
    public Summary {
      changed = changed == null ? List.of() : List.copyOf(changed);
    }

    /** For people: {@code 1 created, 2 updated}; what is zero is left out. */
    public String text() {
      String text =
          List.of(
                  new Count(created, "created"),
                  new Count(updated, "updated"),
                  new Count(removed, "removed"),
                  new Count(held, "held"),
                  new Count(failed, "failed"))
              .stream()
              .filter(c -> c.number() > 0)
              .map(c -> c.number() + " " + c.what())
              .collect(Collectors.joining(", "));
      return text.isEmpty() ? "nothing to do" : text;
    }

    private record Count(int number, String what) {}
  }

  /**
   * A service's fields that were changed.
   *
   * @param fields JSON pointers into its spec, with names in place of indexes; never values
   */
  public record Changed(String service, List<String> fields) {
    public Changed {
      fields = fields == null ? List.of() : List.copyOf(fields);
    }
  }

  /**
   * An image that services ran.
   *
   * @param image with its digest
   * @param platforms as a spec's Placement has them; null if it has none
   * @param services their full names
   */
  public record Image(String image, JsonNode platforms, List<String> services) {
    public Image {
      services = services == null ? List.of() : List.copyOf(services);
      platforms = platforms == null || platforms.isNull() ? null : platforms;
    }
  }

  /**
   * A secret or config of the stack that its services used.
   *
   * @param kind secret or config
   * @param name as the stack's file has it
   * @param object the name of the object on the cluster that stood for it
   */
  public record FileUse(String kind, String name, String object) {}

  public Revision {
    source = source == null ? Source.UNKNOWN : source;
    options = options == null ? Map.of() : Map.copyOf(options);
    services = services == null ? List.of() : List.copyOf(services);
    error = error == null ? "" : error;
    images = images == null ? List.of() : List.copyOf(images);
    files = files == null ? List.of() : List.copyOf(files);
  }

  @Override
  public String key() {
    return key(stack, number);
  }

  /** The key of a revision. */
  public static String key(String stack, long number) {
    return stack + "/" + number;
  }

  /** Whether it can be gone back to by itself: it was applied, and is no removal. */
  public boolean good() {
    return phase == Phase.SUCCEEDED && !removal;
  }

  /** This revision, with its end. */
  public Revision ended(
      String why, Instant now, Summary done, List<Image> ran, List<FileUse> used) {
    return new Revision(
        stack,
        number,
        command,
        by,
        at,
        source,
        removal,
        rollbackOf,
        options,
        services,
        why.isEmpty() ? Phase.SUCCEEDED : Phase.FAILED,
        why,
        now,
        done,
        ran,
        used);
  }

  /** This revision, under another number. */
  public Revision numbered(long other) {
    return new Revision(
        stack,
        other,
        command,
        by,
        at,
        source,
        removal,
        rollbackOf,
        options,
        services,
        phase,
        error,
        finishedAt,
        summary,
        images,
        files);
  }

  /** This revision, with an option. */
  public Revision with(String option, String value) {
    Map<String, String> more = new TreeMap<>(options);
    more.put(option, value);
    return new Revision(
        stack,
        number,
        command,
        by,
        at,
        source,
        removal,
        rollbackOf,
        more,
        services,
        phase,
        error,
        finishedAt,
        summary,
        images,
        files);
  }

  /** Whether an option was set to true. */
  public boolean asked(String option) {
    return "true".equals(options.get(option));
  }
}
