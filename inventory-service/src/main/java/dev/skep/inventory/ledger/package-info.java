/**
 * What the inventory knows: the Engine's word, what node agents saw, and what was published of it.
 * Pure; used by one thread.
 */
package dev.skep.inventory.ledger;
