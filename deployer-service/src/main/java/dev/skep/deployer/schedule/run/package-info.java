/** Runs services by their schedules: talks to the Engine, and tells what came of it. */
package dev.skep.deployer.schedule.run;
