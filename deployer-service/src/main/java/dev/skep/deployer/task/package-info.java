/** Tasks as people are told of them. Pure. */
package dev.skep.deployer.task;
