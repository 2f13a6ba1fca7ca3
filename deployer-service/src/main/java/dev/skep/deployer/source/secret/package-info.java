/** Opens what is encrypted in a repository: by age itself, by SOPS through its program. */
package dev.skep.deployer.source.secret;
