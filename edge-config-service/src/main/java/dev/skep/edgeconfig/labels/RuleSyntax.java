package dev.skep.edgeconfig.labels;

import java.util.List;

/** A rule as it was written, before its matchers are looked at. Positions count from 1. */
sealed interface RuleSyntax {
  record Call(String matcher, List<String> values, int position) implements RuleSyntax {}

  record Not(RuleSyntax rule, int position) implements RuleSyntax {}

  record All(List<RuleSyntax> rules) implements RuleSyntax {}

  record Any(List<RuleSyntax> rules) implements RuleSyntax {}
}
