package dev.skep.model;

import dev.skep.model.access.AccessToken;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Observation;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.command.Command;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.event.DeadLetter;
import dev.skep.model.event.EventCodec;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.RevisionBody;
import dev.skep.model.stack.RevisionEntry;
import dev.skep.model.stack.Stack;

/** How each topic's events are read and written. */
public final class Codecs {
  public static final EventCodec<Observation> OBSERVATIONS =
      EventCodec.of("observation", Observation.class);
  public static final EventCodec<Node> NODES = EventCodec.of("node", Node.class);
  public static final EventCodec<Service> SERVICES = EventCodec.of("service", Service.class);
  public static final EventCodec<Task> TASKS = EventCodec.of("task", Task.class);
  public static final EventCodec<Network> NETWORKS = EventCodec.of("network", Network.class);
  public static final EventCodec<Stack> STACKS = EventCodec.of("stack", Stack.class);
  public static final EventCodec<Deployment> DEPLOYMENTS =
      EventCodec.of("deployment", Deployment.class);
  public static final EventCodec<RevisionEntry> REVISIONS =
      EventCodec.<RevisionEntry>create()
          .and("revision", Revision.class)
          .and("revision-body", RevisionBody.class);
  public static final EventCodec<AccessToken> TOKENS = EventCodec.of("token", AccessToken.class);
  public static final EventCodec<RoutingEntry> ROUTES =
      EventCodec.<RoutingEntry>create().and("route", Route.class).and("backend", Backend.class);
  public static final EventCodec<EdgeStatus> EDGE_STATUS =
      EventCodec.of("edge-status", EdgeStatus.class);
  public static final EventCodec<CertificateEntry> CERTIFICATES =
      EventCodec.<CertificateEntry>create()
          .and("certificate", Certificate.class)
          .and("issuer", Issuer.class);
  public static final EventCodec<Command> COMMANDS = EventCodec.of("command", Command.class);
  public static final EventCodec<DeadLetter> DEAD_LETTERS =
      EventCodec.of("dead-letter", DeadLetter.class);

  private Codecs() {}
}
