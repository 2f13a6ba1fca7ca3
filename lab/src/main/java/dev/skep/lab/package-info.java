/** A real Swarm of several nodes on one machine: each node a container with its own Engine. */
package dev.skep.lab;
