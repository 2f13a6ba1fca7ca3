# shellcheck shell=bash
# The images of our own services: images/skep/Dockerfile on a context that is made here.

SKEP_IMAGES=${SKEP_IMAGES:-skep}
SKEP_IMAGE_BASES=(eclipse-temurin:25-jdk debian:trixie-slim haproxy:3.4)
SKEP_CYCLONEDX=org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom
SKEP_FINGERPRINT_LABEL=dev.skep.image.fingerprint

# own_services: the table of images/skep/services without its comments.
own_services() { grep -v '^#' "$SKEP_HOME/images/skep/services"; }

# own_image_names: NAMEs, as in $SKEP_IMAGES/NAME:VERSION.
own_image_names() {
  own_services | awk '{ print $1 }'
  if [[ -d $SKEP_HOME/images/keepalived ]]; then echo keepalived; fi
}

skep_images() {
  case ${1:-} in
    build) images_build "${@:2}" ;;
    third-party) images_third_party "${@:2}" ;;
    *)
      say "usage: ./skep images build [--yes] [--push PREFIX] [--version V]   our services' images, named ${SKEP_IMAGES}/NAME:V; pushed as PREFIX/NAME:V"
      say "       ./skep images third-party [--yes]                             the images of others that the stack needs"
      [[ ${1:-} == --help || ${1:-} == -h ]]
      ;;
  esac
}

images_build() {
  local version registry yes=no
  has_flag --yes "$@" && yes=yes
  version=$(option_value --version "$@")
  registry=$(option_value --push "$@")
  version=${version:-${SKEP_VERSION:-0.1.0}}
  select_engine "$(state_dir "$@")" "$@"
  engine_answers || fail "No Docker Engine answers at $SKEP_ENGINE_HOST." "Start it, or let Skep do it: ./skep up --yes"
  build_own_images "$yes" "$version"
  [[ -z $registry ]] || push_own_images "$version" "${registry%/}"
}

# build_own_images YES [VERSION]: builds what changed since; nothing, if nothing did.
build_own_images() {
  local yes=$1 version=${2:-${SKEP_VERSION:-0.1.0}} context print started=$SECONDS stale lock
  build_if_changed
  # One at a time: they share logs and the training's image.
  exec {lock}>"$(build_root)/images.lock"
  flock "$lock"
  # What a build that failed has left.
  rm -rf "$(build_root)"/images.??????
  ensure_image_bases "$yes"
  context=$(make_image_context)
  print=$(image_fingerprint "$context" "$version")
  mapfile -t stale < <(stale_images "$version" "$print")
  if ((${#stale[@]})); then
    step "Building ${#stale[@]} images of version $version"
    build_training "$context" "$print"
    build_service_images "$context" "$version" "$print" "${stale[@]}"
    # Those whose names the new ones have taken; not one that another build is about to name.
    docker image prune --force --filter "label=$SKEP_FINGERPRINT_LABEL" --filter until=2m >/dev/null
    step "Built them in $((SECONDS - started)) s"
  else
    step "The images of version $version are up to date"
  fi
  rm -rf "$context"
  build_keepalived_image "$version"
  exec {lock}>&-
}

# ensure_image_bases YES
ensure_image_bases() {
  local image
  for image in "${SKEP_IMAGE_BASES[@]}"; do
    ensure_image "$image" "$1"
  done
}

# make_image_context: prints a directory with all that the Dockerfile copies; jars are links.
make_image_context() {
  local context boms lib name module main port heap jar
  boms=$(image_boms)
  lib=$(dist_dir)/lib
  context=$(mktemp -d "$(build_root)/images.XXXXXX")
  cp -r "$SKEP_HOME"/images/skep/{Dockerfile,bin,train} "$context/"
  cp "$boms/cli.json" "$context/sbom.json"
  mkdir "$context"/{own,third-party,broker,services}
  while read -r name module main port heap _; do
    mkdir "$context/services/$name"
    printf '%s\n' "$main" >"$context/services/$name/main.args"
    printf '%s\n' "$port" >"$context/services/$name/port"
    while IFS= read -r jar; do
      link_jar "$lib/$jar" "$context"
      printf '/opt/skep/lib/%s\n' "$jar"
    done < <(class_path "$boms" "$module") >"$context/services/$name/class.path"
    {
      cat "$SKEP_HOME/images/skep/java.args"
      printf -- '-Xmx%sm\n-cp\n%s\n' "$heap" "$(paste -sd: "$context/services/$name/class.path")"
    } >"$context/services/$name/java.args"
    rm "$context/services/$name/class.path"
  done < <(own_services)
  while IFS= read -r jar; do
    ln "$lib/$jar" "$context/broker/"
  done < <(broker_jars "$boms")
  printf '%s' "$context"
}

# link_jar JAR CONTEXT: our own apart from those of others, which change seldom and so have a layer of their own.
link_jar() {
  local name=${1##*/} part=third-party
  case $name in *-SNAPSHOT.jar) part=own ;; esac
  [[ -e $2/$part/$name ]] || ln "$1" "$2/$part/"
}

# class_path BOMS MODULE: its jars, our own first. The command line comes without the broker that "skep up" starts.
class_path() {
  local boms=$1 module=$2
  if [[ $module == cli ]]; then
    LC_ALL=C comm -23 <(module_jars "$boms" cli) <(broker_jars "$boms")
  else
    module_jars "$boms" "$module"
  fi | awk '/-SNAPSHOT\.jar$/ { print; next } { others = others $0 "\n" } END { printf "%s", others }'
}

# broker_jars BOMS: what the broker needs and no service does.
broker_jars() {
  local boms=$1 module
  LC_ALL=C comm -23 <(module_jars "$boms" broker) \
    <(while read -r _ module _; do [[ $module == cli ]] || module_jars "$boms" "$module"; done < <(own_services) | LC_ALL=C sort -u)
}

# module_jars BOMS MODULE: the file names of the module itself and of all that it needs at run time, in the versions that
# all of the suite agrees on, which are the command line's.
module_jars() {
  LC_ALL=C join <(bom_packages "$1/$2.json" | cut -d' ' -f1 | LC_ALL=C sort -u) <(bom_packages "$1/cli.json" | LC_ALL=C sort -u) |
    sed 's/\(.*\) \(.*\)/\1-\2.jar/' | LC_ALL=C sort
}

# bom_packages FILE: "NAME VERSION" of each Maven package in it.
bom_packages() { sed -nE 's,.*"purl" : "pkg:maven/[^/]*/([^@]*)@([^?"]*).*,\1 \2,p' "$1"; }

# image_boms: prints a directory with a CycloneDX list MODULE.json of what each module needs; made anew when a pom.xml
# changed. Of the pom.xml files alone, in a directory of its own: whoever builds or tests meanwhile is not disturbed.
image_boms() {
  local print dir poms module
  print=$(cd "$SKEP_HOME" && cat pom.xml ./*/pom.xml | sha256sum | cut -c1-16)
  dir=$(build_root)/boms/$print
  if [[ ! -e $dir/complete ]]; then
    require_jdk
    require_maven
    rm -rf "$(build_root)/boms"
    poms=$dir/poms
    mkdir -p "$poms"
    (cd "$SKEP_HOME" && tar -cf - pom.xml ./*/pom.xml) | tar -xf - -C "$poms"
    if [[ -d $SKEP_HOME/.mvn ]]; then cp -r "$SKEP_HOME/.mvn" "$poms/"; fi
    step "Listing what each module needs"
    SKEP_HOME=$poms run_maven "$(build_root)/boms.log" compile "$SKEP_CYCLONEDX" -T 2 -pl cli -am -Dspotless.check.skip=true \
      -DoutputFormat=json -DincludeTestScope=false -DincludeProvidedScope=false -Dcyclonedx.skipAttach=true ||
      fail "Maven could not list what the modules need; its log is $(build_root)/boms.log"
    for module in "$poms"/*/target/bom.json; do
      module=${module%/target/bom.json}
      cp "$module/target/bom.json" "$dir/${module##*/}.json"
    done
    rm -rf "$poms"
    touch "$dir/complete"
  fi
  printf '%s' "$dir"
}

# image_fingerprint CONTEXT VERSION: changes with anything that goes into an image.
image_fingerprint() {
  {
    printf '%s\n' "$2"
    docker image inspect --format '{{.Id}}' "${SKEP_IMAGE_BASES[@]}"
    (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
  } | sha256sum | cut -c1-16
}

# stale_images VERSION FINGERPRINT: those of our services' images that are not of that fingerprint.
stale_images() {
  local name
  while read -r name _; do
    [[ $(image_label "$SKEP_IMAGES/$name:$1") == "$2" ]] || printf '%s\n' "$name"
  done < <(own_services)
}

image_label() {
  docker image inspect --format "{{index .Config.Labels \"$SKEP_FINGERPRINT_LABEL\"}}" "$1" 2>/dev/null || true
}

# build_training CONTEXT FINGERPRINT: the stage that all images take their start-up caches from.
build_training() {
  local tag=$SKEP_IMAGES/training:current
  [[ $(image_label "$tag") != "$2" ]] || return 0
  step "Training the start-up caches: the whole suite runs once"
  docker_build "$1" training --target train --label "$SKEP_FINGERPRINT_LABEL=$2" --tag "$tag"
}

# build_service_images CONTEXT VERSION FINGERPRINT NAME...: two at a time; each waits for the Engine's disk half of it.
build_service_images() {
  local context=$1 version=$2 print=$3 name pid failed=0 pids=()
  shift 3
  for name in "$@"; do
    if ((${#pids[@]} == 2)); then
      wait "${pids[0]}" || failed=1
      pids=("${pids[1]}")
    fi
    build_service_image "$context" "$name" "$version" "$print" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  # What went wrong has been said.
  ((failed == 0)) || exit 1
}

# build_service_image CONTEXT NAME VERSION FINGERPRINT
build_service_image() {
  local context=$1 name=$2 version=$3 print=$4 stage revision
  stage=$(own_services | awk -v name="$name" '$1 == name { print $6 }')
  revision=$(git -C "$SKEP_HOME" rev-parse HEAD 2>/dev/null || echo unknown)
  docker_build "$context" "$name" --target "$stage" --tag "$SKEP_IMAGES/$name:$version" \
    --build-arg "NAME=$name" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
    --build-arg "CREATED=$(date -u +%Y-%m-%dT%H:%M:%SZ)" --label "$SKEP_FINGERPRINT_LABEL=$print"
  step "  $SKEP_IMAGES/$name:$version"
}

# docker_build CONTEXT NAME OPTION...: shows the builder's output only if it fails. BuildKit where the client has it.
docker_build() {
  local context=$1 log kit=0
  log=$(build_root)/image-$2.log
  shift 2
  if docker buildx version >/dev/null 2>&1; then kit=1; fi
  DOCKER_BUILDKIT=$kit docker build --network none "$@" "$context" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    fail "The image could not be built; the whole log is $log"
  }
  grep -o 'training: .*' "$log" | while IFS= read -r line; do step "  $line"; done || true
}

build_keepalived_image() {
  [[ -x $SKEP_HOME/images/keepalived/build ]] || return 0
  "$SKEP_HOME/images/keepalived/build" "$SKEP_IMAGES/keepalived:$1"
}

# push_own_images VERSION PREFIX: as PREFIX/NAME:VERSION; SKEP_IMAGES=PREFIX then makes the stack use them.
push_own_images() {
  local name image
  while IFS= read -r name; do
    image=$SKEP_IMAGES/$name:$1
    docker tag "$image" "$2/$name:$1"
    docker push --quiet "$2/$name:$1" >/dev/null || fail "$2/$name:$1 could not be pushed."
    step "Pushed $2/$name:$1"
  done < <(own_image_names)
}
