package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** JSON as the Engine writes it. */
final class Specs {
  private Specs() {}

  /** JSON with apostrophes for quotes. */
  static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A service of a stack as it is listed; its id is its name in capitals. */
  static JsonNode service(String stack, String name, String mode) {
    return json(
        "{'ID':'%s','Spec':{'Name':'%s','Labels':{'%s':'%s'},'Mode':%s}}"
            .formatted(name.toUpperCase(Locale.ROOT), name, Namespace.LABEL, stack, mode));
  }

  /** The stack {@code shop} with a service of each mode, and another stack's. */
  static List<JsonNode> shop() {
    return List.of(
        service("shop", "shop_web", "{'Replicated':{'Replicas':2}}"),
        service("shop", "shop_agent", "{'Global':{}}"),
        service(
            "shop", "shop_backup", "{'ReplicatedJob':{'MaxConcurrent':1,'TotalCompletions':1}}"),
        service("blog", "blog_web", "{'Replicated':{'Replicas':1}}"));
  }

  /** A task; the older of two has the smaller minute. */
  static JsonNode task(
      String id, String service, int slot, String desired, String state, int minute) {
    ObjectNode task =
        (ObjectNode)
            json(
                "{'ID':'%s','ServiceID':'%s','NodeID':'N1','DesiredState':'%s','CreatedAt':'2026-03-01T10:%02d:00Z','Status':{'State':'%s','Timestamp':'2026-03-01T10:%02d:30.5Z'},'Spec':{'ContainerSpec':{'Image':'web:1@sha256:abc'}}}"
                    .formatted(id, service, desired, minute, state, minute));
    if (slot > 0) {
      task.put("Slot", slot);
    }
    return task;
  }

  /** A task that ended with an exit code. */
  static JsonNode failed(String id, String service, int slot, int exitCode, int minute) {
    ObjectNode task = (ObjectNode) task(id, service, slot, "shutdown", "failed", minute);
    ObjectNode status = task.withObject("/Status");
    status.put("Err", "task: non-zero exit (" + exitCode + ")");
    status.withObject("/ContainerStatus").put("ExitCode", exitCode);
    return task;
  }
}
