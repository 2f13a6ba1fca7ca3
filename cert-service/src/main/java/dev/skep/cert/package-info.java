/**
 * Certificates for the names of routes: wanted from {@code skep.routes}, issued by an ACME CA or
 * the internal one, kept in {@code skep.certificates} with their keys sealed to the edges.
 */
package dev.skep.cert;
