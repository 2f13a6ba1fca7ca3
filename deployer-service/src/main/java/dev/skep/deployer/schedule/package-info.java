/** When services are to run again, and what a run came to: labels, times, decisions. Pure. */
package dev.skep.deployer.schedule;
