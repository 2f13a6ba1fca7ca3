/** The suite as a stack on a cluster: set up, reached from a manager, saved, taken away. */
package dev.skep.cli.cluster;
