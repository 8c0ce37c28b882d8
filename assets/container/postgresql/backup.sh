#!/bin/bash
# Once a day: a dump of the historian on the second disk, and a copy of it on S3 on Outposts where there is one.
# With "once" as argument it makes one now and ends.
set -euo pipefail
folder="${BACKUP_FOLDER:-/backups}"
hour="${BACKUP_HOUR_UTC:-1}"
days="${BACKUP_RETENTION_DAYS:-14}"

backup() {
  if [ ! -e "$folder/.disk" ]; then
    echo "The backups' disk is not mounted at $folder: no backup is made." >&2
    return 1
  fi
  local name
  name="historian-$(date -u +%Y%m%dT%H%M%SZ).dump"
  # A dump that ended early must never look like a whole one.
  pg_dump --format=custom --file="$folder/$name.unfinished" || return 1
  pg_restore --list "$folder/$name.unfinished" > /dev/null || return 1
  mv "$folder/$name.unfinished" "$folder/$name" || return 1
  echo "backup $name: $(stat -c %s "$folder/$name") bytes"
  # Old ones go only once there is a new one.
  find "$folder" -maxdepth 1 -name 'historian-*.dump' -mtime "+$days" -delete
  find "$folder" -maxdepth 1 -name 'historian-*.unfinished' -mmin +1440 -delete
  if [ -n "${BACKUP_BUCKET:-}" ]; then
    aws s3 cp --only-show-errors "$folder/$name" "s3://$BACKUP_BUCKET/historian/$name" \
      || echo "The copy of $name to S3 on Outposts failed; it is on the disk." >&2
  fi
}

if [ "${1:-}" = once ]; then
  backup
  exit
fi

while true; do
  now=$(date -u +%s)
  next=$(date -u -d "today $hour:00" +%s)
  if [ "$next" -le "$now" ]; then next=$((next + 86400)); fi
  sleep $((next - now)) &
  wait $!
  backup || echo 'The backup failed; tried again in an hour.' >&2
  newest=$(find "$folder" -maxdepth 1 -name 'historian-*.dump' -mmin -120 | head -n 1)
  if [ -z "$newest" ]; then
    sleep 3600 &
    wait $!
    backup || echo 'The backup failed again; tried again tomorrow.' >&2
  fi
done
