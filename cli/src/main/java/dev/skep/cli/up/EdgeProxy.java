package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.Names;
import dev.skep.model.Json;
import java.io.IOException;

/** The Swarm objects of the one-node edge, as the Engine's API takes them. Pure. */
public final class EdgeProxy {
  private EdgeProxy() {}

  /**
   * The overlay network on which the edge reaches services: a /16, since a /24 ends near 250
   * addresses; attachable, so that tools may look in.
   */
  public static ObjectNode network() {
    return parse(
        """
        {"Name":"%s","Driver":"overlay","CheckDuplicate":true,"Attachable":true,
         "IPAM":{"Driver":"default","Config":[{"Subnet":"10.231.0.0/16"}]},
         "Labels":{"%s":"edge-network"}}
        """
            .formatted(Names.EDGE_NETWORK, Names.PART));
  }

  /**
   * HAProxy on this node: master-worker, ports in host mode (which keeps client addresses and needs
   * no IPVS), stop-first since two tasks cannot hold one port.
   *
   * @param nodeId where the edge directory lies
   * @param networkId of {@link #network}
   * @param edgeDir on the host
   */
  public static ObjectNode service(
      String image, String nodeId, String networkId, String edgeDir, int http, int https) {
    ObjectNode spec =
        parse(
            """
            {"Name":"%s","Labels":{"%s":"haproxy"},
             "TaskTemplate":{
               "ContainerSpec":{
                 "Command":["haproxy","-W","-db"],
                 "StopSignal":"SIGUSR1","StopGracePeriod":15000000000,
                 "CapabilityDrop":["ALL"],"ReadOnly":true},
               "Resources":{"Limits":{"Pids":256}},
               "RestartPolicy":{"Condition":"any","Delay":500000000},
               "LogDriver":{"Name":"json-file","Options":{"max-size":"10m","max-file":"3"}}},
             "Mode":{"Replicated":{"Replicas":1}},
             "UpdateConfig":{"Parallelism":1,"Order":"stop-first"},
             "RollbackConfig":{"Parallelism":1,"Order":"stop-first"},
             "EndpointSpec":{"Mode":"dnsrr","Ports":[
               {"Protocol":"tcp","TargetPort":80,"PublishMode":"host"},
               {"Protocol":"tcp","TargetPort":443,"PublishMode":"host"}]}}
            """
                .formatted(Names.HAPROXY, Names.PART));
    ObjectNode template = (ObjectNode) spec.get("TaskTemplate");
    ObjectNode container = (ObjectNode) template.get("ContainerSpec");
    container.put("Image", image);
    container
        .withArrayProperty("Args")
        .add("-S")
        .add(Names.PROXY_DIR + "/run/master.sock")
        .add("-f")
        .add(Names.PROXY_DIR + "/haproxy.cfg");
    container
        .withArrayProperty("Mounts")
        .addObject()
        .put("Type", "bind")
        .put("Source", edgeDir)
        .put("Target", Names.PROXY_DIR);
    template
        .withObjectProperty("Placement")
        .withArrayProperty("Constraints")
        .add("node.id==" + nodeId);
    template.withArrayProperty("Networks").addObject().put("Target", networkId);
    JsonNode ports = spec.path("EndpointSpec").path("Ports");
    ((ObjectNode) ports.get(0)).put("PublishedPort", http);
    ((ObjectNode) ports.get(1)).put("PublishedPort", https);
    return spec;
  }

  private static ObjectNode parse(String json) {
    try {
      return (ObjectNode) Json.mapper().readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException("a template of ours is no JSON", e);
    }
  }
}
