package dev.skep.inventory.ledger;

import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;

/** Takes changes: the key, the value before and after (null: none), and what caused it. */
public interface ChangeSink {
  void node(String key, Node before, Node after, String cause);

  void service(String key, Service before, Service after, String cause);

  void task(String key, Task before, Task after, String cause);

  void network(String key, Network before, Network after, String cause);
}
