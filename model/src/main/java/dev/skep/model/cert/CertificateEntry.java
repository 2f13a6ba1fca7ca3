package dev.skep.model.cert;

/** What the certificates topic holds. */
public sealed interface CertificateEntry permits Certificate, Issuer {
  /** The record's key in the topic. */
  String key();
}
