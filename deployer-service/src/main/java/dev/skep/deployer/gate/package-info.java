/** Whether services have come to what was asked of them. Pure: the time is passed in. */
package dev.skep.deployer.gate;
