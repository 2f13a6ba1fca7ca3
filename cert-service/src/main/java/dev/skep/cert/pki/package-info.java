/** Keys and certificates in the forms in which they are stored and served. */
package dev.skep.cert.pki;
