# shellcheck shell=bash

# given_builds: each image's build script only notes that it was called.
given_builds() {
  local build
  given_tree
  for build in "$T"/tree/images/*/build; do
    printf '#!/usr/bin/env bash\necho "build $*" >>"%s/calls"\n' "$T" >"$build"
  done
  # shellcheck source=/dev/null
  . "$T/tree/skep"
  image_packages() { :; }
}

test_an_image_that_is_there_is_neither_pulled_nor_built() {
  load
  given_command docker 'exit 0'
  run ensure_image haproxy:3.4 yes
  assert_status 0
  assert_equal "$(calls 'docker pull')" 0
}

test_without_a_registry_the_image_is_built() {
  given_builds
  given_command docker 'exit 1'
  run ensure_image haproxy:3.4 no
  assert_status 0
  assert_equal "$(calls 'build haproxy:3.4')" 1
}

test_two_that_want_an_image_at_once_build_it_once() {
  given_builds
  printf '#!/usr/bin/env bash\necho "build $*" >>"%s/calls"\nsleep 1\ntouch "%s/built"\n' "$T" "$T" \
    >"$T/tree/images/haproxy/build"
  given_command docker "[[ \$1 == image && -e '$T/built' ]]"
  ensure_image haproxy:3.4 no >/dev/null 2>&1 &
  run ensure_image haproxy:3.4 no
  wait $!
  assert_status 0
  assert_equal "$(calls 'build haproxy:3.4')" 1
}

test_an_image_from_a_registry_is_not_built() {
  given_builds
  given_command docker '[[ $1 == pull ]] && echo "3.4: Pulling from library/haproxy"'
  run ensure_image haproxy:3.4 no
  assert_status 0
  assert_output "Pulled haproxy:3.4"
  assert_equal "$(calls build)" 0
}

test_a_registry_that_lacks_the_image_is_asked_for_the_next() {
  given_builds
  given_command docker '[[ $1 == pull ]] && echo "manifest unknown"; exit 1'
  run ensure_third_party_images no
  assert_status 0
  assert_equal "$(grep '^docker pull' "$T/calls" | sort -u | wc -l)" "$(third_party_tags | wc -l)"
}

test_a_registry_that_does_not_answer_is_asked_once() {
  given_builds
  given_command docker '[[ $1 == pull ]] && echo "no such host"; exit 1'
  run ensure_third_party_images no
  assert_status 0
  assert_output "No registry answers"
  assert_output "Without a registry there is no traefik:v3.7 grafana/grafana:12.2.0"
  assert_equal "$(calls 'docker pull')" 1
}

test_every_image_of_the_list_can_be_built_or_says_that_it_cannot() {
  load
  local tag source count=0
  while IFS= read -r tag; do
    source=$(image_source "$tag")
    [[ $source == - || -x $ROOT/images/$source/build ]] || flunk "$tag: images/$source/build is missing"
    count=$((count + 1))
  done < <(third_party_tags)
  ((count > 4)) || flunk "only $count images in the list"
}

test_what_an_image_stands_on_is_built_first() {
  given_builds
  mkdir -p "$T/tree/images/top"
  printf 'top:1 top\n' >>"$T/tree/images/third-party"
  printf 'FROM debian:trixie-slim AS one\nFROM scratch\n' >"$T/tree/images/top/Dockerfile"
  printf '#!/usr/bin/env bash\necho "build $*" >>"%s/calls"\n' "$T" >"$T/tree/images/top/build"
  chmod +x "$T/tree/images/top/build"
  given_command docker 'exit 1'
  run ensure_image top:1 no
  assert_status 0
  assert_equal "$(grep ^build "$T/calls")" $'build debian:trixie-slim\nbuild top:1'
}

test_an_image_that_is_not_listed_is_refused() {
  load
  given_command docker 'exit 1'
  run ensure_image nobody/knows:1 yes
  assert_status 1
  assert_output images/third-party
}

test_building_without_its_packages_and_without_yes_names_them() {
  load
  given_command docker 'exit 1'
  run ensure_image haproxy:3.4 no
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
