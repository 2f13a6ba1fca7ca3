/** The revisions of a stack: which are kept, which to go back to, what is in them. Pure. */
package dev.skep.deployer.revision;
