/** Traefik's dynamic configuration for an edge. Pure. */
package dev.skep.edge.traefik;
