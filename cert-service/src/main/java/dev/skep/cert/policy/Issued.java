package dev.skep.cert.policy;

import dev.skep.model.Sealed;
import java.time.Instant;

/**
 * What an issuer gave.
 *
 * @param chain PEM, leaf first
 * @param privateKey sealed to the edges under the next revision's context
 * @param fingerprint SHA-256 of the leaf's DER, lower-case hex
 * @param serial lower-case hex
 */
public record Issued(
    String chain,
    Sealed privateKey,
    String fingerprint,
    String serial,
    Instant notBefore,
    Instant notAfter) {}
