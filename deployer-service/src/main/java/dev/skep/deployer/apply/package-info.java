/** Brings a stack to a live Engine, and takes it away. */
package dev.skep.deployer.apply;
