/** The registry credentials of whoever runs this process, as Docker's client keeps them. */
package dev.skep.deployer.registry;
