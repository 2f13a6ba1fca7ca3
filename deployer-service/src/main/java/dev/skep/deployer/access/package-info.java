/** Makes, lists and revokes the named tokens of the API. */
package dev.skep.deployer.access;
