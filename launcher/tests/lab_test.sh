# shellcheck shell=bash

# given_lab_images SOURCE: build scripts that only note their calls, and an Engine whose images bear that source.
given_lab_images() {
  local build
  given_tree
  for build in "$T"/tree/images/lab-*/build; do
    printf '#!/usr/bin/env bash\necho "build $*" >>"%s/calls"\n' "$T" >"$build"
  done
  # shellcheck source=/dev/null
  . "$T/tree/skep"
  debian_image_packages() { :; }
  given_command docker "printf '%s\n' '$1'"
}

test_the_labs_images_are_built_when_their_sources_changed() {
  given_lab_images older
  run ensure_lab_images no
  assert_status 0
  assert_equal "$(calls 'build skep-lab/node')" 1
  assert_equal "$(calls 'build skep-lab/registry')" 1
  assert_equal "$(calls 'build skep-lab/pebble')" 1
}

test_the_labs_images_are_not_built_twice() {
  given_lab_images same
  # The function of the library, which is read anew each time.
  printf 'lab_image_source() { echo same; }\n' >"$T/tree/images/lib/lab.sh"
  run ensure_lab_images no
  assert_status 0
  assert_equal "$(calls 'build skep-lab')" 0
}

test_what_is_only_built_upon_is_not_pushed_to_the_lab() {
  load
  given_command docker 'exit 0'
  run lab_pushes
  assert_status 0
  assert_output "haproxy:3.4"
  assert_output "skep/cli:0.1.0"
  [[ $OUTPUT != *debian:* && $OUTPUT != *temurin:* ]] || flunk "pushes what only builds need: $OUTPUT"
}
