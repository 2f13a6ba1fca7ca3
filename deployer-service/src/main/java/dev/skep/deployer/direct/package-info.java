/** Stacks straight on the Engine, without a deployer: each revision is kept as a Swarm config. */
package dev.skep.deployer.direct;
