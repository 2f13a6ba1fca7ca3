/** Who calls the API: named tokens and their roles. */
package dev.skep.runtime.access;
