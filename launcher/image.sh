# shellcheck shell=bash
# The image haproxy:3.4: from a registry where one answers, else from Debian packages.

SKEP_HAPROXY_IMAGE=haproxy:3.4

# ensure_haproxy_image YES
ensure_haproxy_image() {
  local yes=$1 packages log started=$SECONDS
  docker image inspect "$SKEP_HAPROXY_IMAGE" >/dev/null 2>&1 && return 0
  step "Pulling $SKEP_HAPROXY_IMAGE"
  if pull_image "$SKEP_HAPROXY_IMAGE"; then
    step "Pulled $SKEP_HAPROXY_IMAGE in $((SECONDS - started)) s"
    return 0
  fi
  mapfile -t packages < <(image_packages)
  if ((${#packages[@]})); then
    [[ $yes == yes ]] || fail "No registry gave $SKEP_HAPROXY_IMAGE; building it takes packages that are missing." \
      "Run: apt-get install -y ${packages[*]}   (or: ./skep up --yes)"
    apt_install "${packages[@]}"
  fi
  step "No registry answers; building $SKEP_HAPROXY_IMAGE from Debian packages"
  started=$SECONDS
  log=$(mktemp)
  if ! "$SKEP_HOME/images/haproxy/build" "$SKEP_HAPROXY_IMAGE" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "Building $SKEP_HAPROXY_IMAGE failed; the whole log is $log" \
      "Where neither a registry nor a Debian mirror is in reach, bring the image along: docker load -i haproxy.tar"
  fi
  rm -f "$log"
  step "Built $SKEP_HAPROXY_IMAGE in $((SECONDS - started)) s"
}

# pull_image IMAGE: a registry that has not begun to answer after 15 s counts as absent; one that has gets 10 minutes.
pull_image() {
  local log pid end=$((SECONDS + 15)) answered=no
  log=$(mktemp)
  timeout 600 docker pull "$1" >"$log" 2>&1 &
  pid=$!
  while [[ $answered == no ]] && is_alive "$pid" && ((SECONDS < end)); do
    if grep -q 'Pulling from' "$log"; then answered=yes; else sleep 0.1; fi
  done
  if [[ $answered == no ]] && is_alive "$pid"; then kill "$pid" 2>/dev/null || true; fi
  rm -f "$log"
  wait "$pid"
}
