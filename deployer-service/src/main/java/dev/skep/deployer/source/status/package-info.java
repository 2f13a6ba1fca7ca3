/** Tells the host of a repository what became of a commit. */
package dev.skep.deployer.source.status;
