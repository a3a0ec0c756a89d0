/** Starts of a new version without health after which the earlier one comes back. */
export const maxStarts = 3;
/** Minutes of running without health after which it does. */
export const maxMinutes = 15;

export interface GuardPlaces {
  /** Folder with `slots/`, `current` and what is written between them. */
  readonly software: string;
  /** File in which the box says that it is healthy; of the user of the box, so that it is read with care. */
  readonly healthy: string;
  /** What starts the box anew after it fell back while running. */
  readonly restart: string;
}

/**
 * The program outside the slots that decides which one runs: `boot` before every start of the box, `tick` once a minute.
 * POSIX shell and coreutils, so that no version of Quaywatch can break the way back from it. Every change is one rename,
 * and whatever it was interrupted at, the next call goes on from there. It counts starts and minutes and asks no clock.
 */
export const slotGuard = ({ software, healthy, restart }: GuardPlaces): string => `#!/bin/sh
# Written by quaywatch provision. Which version runs: docs/appliance.md.
set -u
cd '${software}' || exit 1

whole() { [ -f "slots/$1/manifest.json" ] && [ -f "slots/$1/dist/quaywatch.js" ]; }

switch() {
  rm -rf current.new
  ln -s "slots/$1" current.new && mv -T current.new current && sync -f .
}

write() {
  printf '%s\\n' "$2" > "$1.new" && sync "$1.new" && mv -T "$1.new" "$1" && sync -f .
}

forget() { rm -f trial && sync -f .; }

fall_back() {
  write fallen "$id $1"
  switch "$from" && forget
}

running=$(readlink current 2>/dev/null || echo none)
running=\${running#slots/}

# Without a trial there is nothing to decide, unless the slot that should run is not whole.
if [ ! -f trial ]; then
  if [ "$1" = boot ] && ! whole "$running"; then
    for slot in a b; do if whole "$slot"; then switch "$slot"; exit; fi; done
    echo 'No slot holds a whole version: install one with quaywatch update install.' >&2
    exit 1
  fi
  exit 0
fi

slot='' from='' starts='' minutes='' id=''
read -r slot from starts minutes id < trial || true
case "$slot $from" in 'a b' | 'b a') ;; *) slot=none ;; esac
case "$starts$minutes" in '' | *[!0-9]*) slot=none ;; esac
# The switch never came, or the way back is done already.
if [ "$slot" != "$running" ]; then forget; exit 0; fi
if ! whole "$slot"; then
  fall_back damaged
  exit
fi

said=''
if [ -f '${healthy}' ] && [ ! -L '${healthy}' ]; then read -r said < '${healthy}' || true; fi
if [ "$said" = "$id" ]; then forget; exit 0; fi

case "$1" in
  boot)
    if [ "$starts" -ge ${maxStarts} ] || [ "$minutes" -ge ${maxMinutes} ]; then
      fall_back starts
    else
      write trial "$slot $from $((starts + 1)) $minutes $id"
    fi
    ;;
  tick)
    minutes=$((minutes + 1))
    if [ "$minutes" -ge ${maxMinutes} ]; then
      fall_back minutes
      ${restart}
    else
      write trial "$slot $from $starts $minutes $id"
    fi
    ;;
  *)
    echo 'Usage: slots boot|tick' >&2
    exit 2
    ;;
esac
`;
