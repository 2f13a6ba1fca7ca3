/** The internal CA: for private names, and for those who have no ACME directory. */
package dev.skep.cert.internal;
