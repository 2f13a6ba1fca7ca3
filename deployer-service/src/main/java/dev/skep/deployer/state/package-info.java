/** Desired state of stacks and the records of their deployments. Pure but for what is passed in. */
package dev.skep.deployer.state;
