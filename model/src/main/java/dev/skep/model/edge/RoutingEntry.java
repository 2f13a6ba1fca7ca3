package dev.skep.model.edge;

/**
 * What the routes topic holds. Routes change when labels do, backends with every task: apart, so
 * that a task's change is one small record however many routes lead to it.
 */
public sealed interface RoutingEntry permits Route, Backend {
  /** The record's key in the topic. */
  String key();
}
