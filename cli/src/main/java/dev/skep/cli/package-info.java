/** The command line, and everything in one process. */
package dev.skep.cli;
