/** Which image a service should run, by its policy and what registries tell. Pure. */
package dev.skep.deployer.image.policy;
