# shellcheck shell=bash

test_an_image_that_is_there_is_neither_pulled_nor_built() {
  load
  given_command docker 'exit 0'
  run ensure_haproxy_image yes
  assert_status 0
  assert_equal "$(calls 'docker pull')" 0
}

test_without_a_registry_the_image_is_built() {
  given_tree
  given_command docker 'exit 1'
  given_command mmdebstrap ''
  printf '#!/usr/bin/env bash\necho "build $*" >>"%s/calls"\n' "$T" >"$T/tree/images/haproxy/build"
  # shellcheck source=/dev/null
  . "$T/tree/skep"
  image_packages() { :; }
  run ensure_haproxy_image no
  assert_status 0
  assert_equal "$(calls 'build haproxy:3.4')" 1
}

test_an_image_from_a_registry_is_not_built() {
  load
  given_command docker '[[ $1 == pull ]] && echo "3.4: Pulling from library/haproxy"'
  run ensure_haproxy_image no
  assert_status 0
  assert_output "Pulled haproxy:3.4"
}

test_building_without_its_packages_and_without_yes_names_them() {
  load
  given_command docker 'exit 1'
  run ensure_haproxy_image no
  assert_status 1
  assert_output "apt-get install -y mmdebstrap"
}

# debian_mirror_of LINES: what is chosen when apt lists these (address, label).
debian_mirror_of() {
  # shellcheck source=/dev/null
  . "$ROOT/images/lib/debian.sh"
  given_command apt-get "printf '$1'"
  debian_mirror
}

test_the_mirror_is_the_machines_own() {
  run debian_mirror_of 'http://other.example/apt/ Google\nhttp://mirror.example/debian-security/ Debian-Security\nhttp://mirror.example/debian/ Debian\n'
  assert_equal "$OUTPUT" http://mirror.example/debian
}

test_before_the_first_update_the_mirror_is_known_by_its_path() {
  run debian_mirror_of 'http://mirror.example/debian-security/ $(LABEL)\nhttp://mirror.example/debian/ $(LABEL)\n'
  assert_equal "$OUTPUT" http://mirror.example/debian
}

test_a_given_mirror_wins() {
  export SKEP_DEBIAN_MIRROR=http://given.example/debian/
  run debian_mirror_of 'http://mirror.example/debian/ Debian\n'
  assert_equal "$OUTPUT" http://given.example/debian
}

test_without_a_debian_mirror_the_error_says_what_to_set() {
  run debian_mirror_of 'http://archive.example/ubuntu/ Ubuntu\n'
  assert_status 1
  assert_output SKEP_DEBIAN_MIRROR
}
