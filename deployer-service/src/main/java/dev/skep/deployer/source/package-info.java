/** Keeps the stacks of Git repositories applied. */
package dev.skep.deployer.source;
