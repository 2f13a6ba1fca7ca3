package dev.skep.runtime.kafka;

import static dev.skep.runtime.kafka.AdminCalls.await;

import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Principal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the broker's access rules to what the topic table says. Blocking, and thread-safe. */
public final class AclAdmin {
  private static final Logger log = LoggerFactory.getLogger(AclAdmin.class);
  private static final String EVERYONE = "User:*";

  /**
   * What {@link #ensure} did, rights in words.
   *
   * @param made rights that were not there
   * @param removed rights of our principals that the table does not have
   * @param unchanged how many were there
   * @param forEveryone rights that others gave to everyone, our principals too: left alone
   */
  public record Changes(
      SortedSet<String> made,
      SortedSet<String> removed,
      int unchanged,
      SortedSet<String> forEveryone) {}

  private AclAdmin() {}

  /**
   * Gives our principals exactly these rights: makes those that are missing, and removes what they
   * have beside them. The rights of others are left alone. Doing it again changes nothing. Waits
   * until the broker knows them, at most 30 s a step.
   *
   * @throws PublishException if the broker cannot be reached, refuses, or has no authorizer
   */
  public static Changes ensure(KafkaConfig kafka, Collection<Acl> acls) {
    Set<AclBinding> wanted = acls.stream().map(AclAdmin::binding).collect(Collectors.toSet());
    try (Admin admin = AdminCalls.open(kafka)) {
      Set<AclBinding> all = existing(admin);
      Set<AclBinding> ours = ours(all);
      Set<AclBinding> missing = without(wanted, ours);
      Set<AclBinding> surplus = without(ours, wanted);
      await(admin.createAcls(missing).all(), "access rules cannot be made");
      missing.forEach(b -> log.atInfo().addKeyValue("right", text(b)).log("Right given"));
      await(
          admin.deleteAcls(surplus.stream().map(AclBinding::toFilter).toList()).all(),
          "access rules cannot be removed");
      surplus.forEach(
          b -> log.atWarn().addKeyValue("right", text(b)).log("Right that no table has, removed"));
      AdminCalls.until(
          "access rules were made but did not appear", () -> ours(existing(admin)).equals(wanted));
      return new Changes(
          texts(missing),
          texts(surplus),
          wanted.size() - missing.size(),
          texts(all.stream().filter(AclAdmin::forEveryone).collect(Collectors.toSet())));
    }
  }

  /**
   * Every right that anyone has, in words, sorted.
   *
   * @throws PublishException if the broker cannot be reached, refuses, or has no authorizer
   */
  public static SortedSet<String> list(KafkaConfig kafka) {
    try (Admin admin = AdminCalls.open(kafka)) {
      return texts(existing(admin));
    }
  }

  private static Set<AclBinding> existing(Admin admin) {
    try {
      return new HashSet<>(
          await(admin.describeAcls(AclBindingFilter.ANY).values(), "access rules cannot be read"));
    } catch (PublishException e) {
      if (e.getCause() instanceof SecurityDisabledException) {
        throw new PublishException(
            "the broker has no authorizer, so that everyone may do everything: set"
                + " authorizer.class.name="
                + "org.apache.kafka.metadata.authorizer.StandardAuthorizer and super.users",
            e.getCause());
      }
      if (e.getCause() instanceof ClusterAuthorizationException) {
        throw new PublishException(
            "this principal may not see and change access rules: use the certificate of one of"
                + " the broker's super.users (User:admin)",
            e.getCause());
      }
      throw e;
    }
  }

  private static Set<AclBinding> ours(Set<AclBinding> all) {
    Set<String> names =
        Stream.of(Principal.values()).map(AclAdmin::user).collect(Collectors.toSet());
    return all.stream()
        .filter(b -> names.contains(b.entry().principal()))
        .collect(Collectors.toSet());
  }

  private static boolean forEveryone(AclBinding binding) {
    return binding.entry().principal().equals(EVERYONE)
        && binding.entry().permissionType() == AclPermissionType.ALLOW;
  }

  private static Set<AclBinding> without(Set<AclBinding> some, Set<AclBinding> others) {
    Set<AclBinding> rest = new HashSet<>(some);
    rest.removeAll(others);
    return rest;
  }

  private static AclBinding binding(Acl acl) {
    return new AclBinding(
        new ResourcePattern(
            ResourceType.valueOf(acl.kind().name()),
            acl.name(),
            acl.prefixed() ? PatternType.PREFIXED : PatternType.LITERAL),
        new AccessControlEntry(
            user(acl.principal()),
            "*",
            AclOperation.valueOf(acl.operation().name()),
            AclPermissionType.ALLOW));
  }

  private static String user(Principal principal) {
    return "User:" + principal.id();
  }

  private static SortedSet<String> texts(Set<AclBinding> bindings) {
    return bindings.stream().map(AclAdmin::text).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whatever it is: what others made may be of any kind. */
  private static String text(AclBinding binding) {
    AccessControlEntry entry = binding.entry();
    ResourcePattern thing = binding.pattern();
    return String.join(
        " ",
        List.of(
            entry.principal().replaceFirst("^User:", ""),
            entry.permissionType() == AclPermissionType.DENY ? "may not" : "may",
            entry.operation().name(),
            thing.resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            thing.name()
                + (thing.patternType() == PatternType.PREFIXED ? "*" : "")
                + (entry.host().equals("*") ? "" : " from " + entry.host())));
  }
}
