/** Follows the images of services that ask for it, as their registries change. */
package dev.skep.deployer.image;
