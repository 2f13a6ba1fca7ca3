/** From a commit of a source to the stacks that it asks for. Pure but for what is passed in. */
package dev.skep.deployer.source.read;
