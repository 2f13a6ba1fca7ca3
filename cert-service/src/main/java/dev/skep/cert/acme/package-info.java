/** The ACME client (RFC 8555) over acme4j: the only package that knows that library. */
package dev.skep.cert.acme;
