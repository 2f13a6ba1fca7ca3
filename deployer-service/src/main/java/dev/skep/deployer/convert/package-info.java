/** From a compose file to the bodies that the Engine is sent. Pure. */
package dev.skep.deployer.convert;
