/** Traefik's labels and rules, read and validated. Pure: records in, records out. */
package dev.skep.edgeconfig.labels;
