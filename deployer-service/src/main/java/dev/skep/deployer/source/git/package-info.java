/** Talks to Git repositories: asks for their newest commit and reads what is in it. */
package dev.skep.deployer.source.git;
