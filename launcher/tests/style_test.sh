# shellcheck shell=bash

test_all_scripts_pass_shellcheck() {
  local scripts=()
  mapfile -t scripts < <(cd "$ROOT" && find . -type d \( -name target -o -name .git -o -name .build \) -prune -o -type f -print0 |
    xargs -0 grep -lE -m 1 '^#!.*\b(ba)?sh\b|^# shellcheck shell=bash')
  ((${#scripts[@]} > 15)) || flunk "found only ${#scripts[@]} scripts"
  run in_root shellcheck -x "${scripts[@]}"
  assert_status 0
}

in_root() { (cd "$ROOT" && "$@"); }
