/** The imperative shell: files, sockets and the Engine. */
package dev.skep.edge.agent;
