# shellcheck shell=bash
# Images of others under their official names: from a registry where one answers, else built here (images/third-party).

# image_source TAG: the directory under images/ that builds it, "-" for none; nothing for an image that is not listed.
image_source() { awk -v tag="$1" '$1 == tag { print $2 }' "$SKEP_HOME/images/third-party"; }

# has_image TAG
has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# ensure_image TAG YES: makes it ready if it is not there. Whoever else wants it waits for that.
ensure_image() {
  local tag=$1 yes=$2 lock
  has_image "$tag" && return 0
  mkdir -p "$(build_root)/locks"
  exec {lock}>"$(build_root)/locks/${tag//[:\/]/_}"
  flock "$lock"
  has_image "$tag" || make_image "$tag" "$yes"
  exec {lock}>&-
}

# make_image TAG YES: pulls it, else builds it.
make_image() {
  local tag=$1 yes=$2 source
  source=$(image_source "$tag")
  [[ -n $source ]] || fail "$tag is not in images/third-party, which says where images come from."
  pull_if_answered "$tag" && return 0
  [[ $source != - ]] || fail "$tag comes from a registry only, and none gave it." \
    "Bring it along: docker load -i FILE"
  build_image "$tag" "$source" "$yes"
}

# pull_if_answered TAG: a registry that did not answer is not asked again by this command.
pull_if_answered() {
  local started=$SECONDS status=0
  [[ -z ${SKEP_NO_REGISTRY:-} ]] || return 1
  step "Pulling $1"
  pull_image "$1" || status=$?
  case $status in
    0) step "Pulled $1 in $((SECONDS - started)) s" ;;
    2) SKEP_NO_REGISTRY=yes && step "No registry answers" ;;
    *) step "The registry does not give $1" ;;
  esac
  return "$status"
}

# pull_image TAG: a registry that has not begun to answer after 15 s counts as absent (status 2); one that has gets 10
# minutes.
pull_image() {
  local log pid end=$((SECONDS + 15)) answered=no status=0
  log=$(mktemp)
  timeout 600 docker pull "$1" >"$log" 2>&1 &
  pid=$!
  while [[ $answered == no ]] && is_alive "$pid" && ((SECONDS < end)); do
    if grep -q 'Pulling from' "$log"; then answered=yes; else sleep 0.1; fi
  done
  if [[ $answered == no ]] && is_alive "$pid"; then kill "$pid" 2>/dev/null || true; fi
  wait "$pid" || status=2
  # "Not there" and "not allowed" are answers too.
  if ((status)) && grep -qE 'Pulling from|manifest|denied|unauthorized|toomanyrequests' "$log"; then status=1; fi
  rm -f "$log"
  return "$status"
}

# build_image TAG DIRECTORY YES: what it stands on first.
build_image() {
  local tag=$1 source=$2 yes=$3 base packages log started
  for base in $(image_bases "$source"); do ensure_image "$base" "$yes"; done
  mapfile -t packages < <(image_packages "$source")
  if ((${#packages[@]})); then
    [[ $yes == yes ]] || fail "No registry gave $tag; building it takes packages that are missing." \
      "Run: apt-get install -y ${packages[*]}   (or give --yes)"
    apt_install "${packages[@]}"
  fi
  step "Building $tag"
  started=$SECONDS
  log=$(mktemp)
  if ! "$SKEP_HOME/images/$source/build" "$tag" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "Building $tag failed; the whole log is $log" \
      "Where neither a registry nor a Debian mirror is in reach, bring the image along: docker load -i FILE"
  fi
  rm -f "$log"
  step "Built $tag in $((SECONDS - started)) s"
}

# image_bases DIRECTORY: the images that its Dockerfile starts from.
image_bases() {
  sed -n 's/^FROM \([^ ]*\).*/\1/p' "$SKEP_HOME/images/$1/Dockerfile" | grep -vx scratch || true
}
