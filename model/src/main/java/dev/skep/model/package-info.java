/**
 * The vocabulary that the services share: records, the topic table and the event types. No IO, no
 * framework: everything here is a value.
 */
package dev.skep.model;
