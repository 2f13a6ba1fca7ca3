/** The inventory: the cluster's nodes, services, networks and tasks, as compacted topics. */
package dev.skep.inventory;
