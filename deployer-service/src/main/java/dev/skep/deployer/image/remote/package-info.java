/** Asks registries which tags a repository has, by their own protocol. */
package dev.skep.deployer.image.remote;
