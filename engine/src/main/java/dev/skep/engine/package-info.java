/**
 * The Docker Engine API as JSON trees: what the Engine says comes out whole, and what is sent goes
 * in whole, so that read-modify-write never drops a field that a typed model does not know.
 */
package dev.skep.engine;
