/**
 * The edge agent: from the routes and certificates topics to what HAProxy and Traefik serve. This
 * package holds what both proxies share, pure; {@code haproxy} and {@code traefik} render and plan,
 * pure; {@code agent} talks to files, sockets and Kafka.
 */
package dev.skep.edge;
