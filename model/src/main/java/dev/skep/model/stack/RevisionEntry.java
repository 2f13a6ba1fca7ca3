package dev.skep.model.stack;

/** What the revisions topic holds. */
public sealed interface RevisionEntry permits Revision, RevisionBody {
  /** The record's key in the topic. */
  String key();
}
