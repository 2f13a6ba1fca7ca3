/**
 * Follows a manager's Engine: which readings its events ask for, how often, and the readings
 * themselves.
 */
package dev.skep.inventory.watch;
