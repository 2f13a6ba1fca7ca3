/** HAProxy: its configuration, and the smallest steps between two states of it. Pure. */
package dev.skep.edge.haproxy;
