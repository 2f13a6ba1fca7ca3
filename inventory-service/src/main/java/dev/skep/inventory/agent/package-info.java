/** The node agent: what this node's own Engine sees of Swarm's containers, as observations. */
package dev.skep.inventory.agent;
