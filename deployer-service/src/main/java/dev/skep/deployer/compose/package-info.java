/**
 * Compose files: from YAML to one checked, merged tree in which everything remembers its place.
 * Pure but for reading the files.
 */
package dev.skep.deployer.compose;
