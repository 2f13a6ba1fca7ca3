/** What sources of stacks are declared to be, and what each of them may do. Pure. */
package dev.skep.deployer.source.declare;
