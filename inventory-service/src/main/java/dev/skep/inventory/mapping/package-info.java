/** What the Engine says, as the model's records. Pure. */
package dev.skep.inventory.mapping;
