# shellcheck shell=bash
# All images of others, one after the other.

# third_party_tags: every image of the list.
third_party_tags() { awk '/^[^#]/ { print $1 }' "$SKEP_HOME/images/third-party"; }

# ensure_third_party_images YES: makes the missing ones. One that only a registry has, and none gives, is named and left
# out.
ensure_third_party_images() {
  local yes=$1 tag started=$SECONDS made=0 absent=()
  # The list is on a descriptor of its own: what builds an image may read its standard input.
  while IFS= read -r tag <&3; do
    has_image "$tag" && continue
    if [[ $(image_source "$tag") == - ]]; then
      pull_if_answered "$tag" || absent+=("$tag")
    else
      ensure_image "$tag" "$yes"
      made=$((made + 1))
    fi
  done 3< <(third_party_tags)
  ((made == 0)) || step "Made $made images of others ready in $((SECONDS - started)) s"
  ((${#absent[@]} == 0)) || step "Without a registry there is no ${absent[*]}"
}

# images_third_party [--yes]: the command.
images_third_party() {
  local yes=no
  has_flag --yes "$@" && yes=yes
  select_engine "$(state_dir "$@")" "$@"
  engine_answers || fail "No Docker Engine answers at $SKEP_ENGINE_HOST." "Start it, or let Skep do it: ./skep up --yes"
  ensure_third_party_images "$yes"
}
