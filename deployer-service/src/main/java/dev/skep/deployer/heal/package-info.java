/** What is done about drift: whether and when a stack is set back. Pure. */
package dev.skep.deployer.heal;
