/** Webhooks: who sent one, and whether it was seen before. Pure. */
package dev.skep.deployer.source.hook;
