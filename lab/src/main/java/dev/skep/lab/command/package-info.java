/** {@code skep lab ...}. */
package dev.skep.lab.command;
