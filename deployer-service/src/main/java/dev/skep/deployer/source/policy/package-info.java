/** Decides what of a stack a source may not have. Pure. */
package dev.skep.deployer.source.policy;
