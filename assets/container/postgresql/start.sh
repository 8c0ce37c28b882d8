#!/bin/bash
# Starts PostgreSQL on the disk that outlives the instance, over TLS only.
set -euo pipefail
disk="${HISTORIAN_FOLDER:-/var/lib/postgresql/data}"
# Without the disk there would be an empty folder of the instance here, and a new, empty database in it.
if [ ! -e "$disk/.disk" ]; then
  echo "The historian's disk is not mounted at $disk: PostgreSQL is not started." >&2
  exit 1
fi
export PGDATA="$disk/pgdata"
tls="$disk/tls"
if [ ! -e "$tls/server.crt" ]; then
  mkdir -p -m 0700 "$tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=historian' \
    -keyout "$tls/server.key" -out "$tls/server.new" 2> /dev/null
  chmod 0600 "$tls/server.key"
  mv "$tls/server.new" "$tls/server.crt"
fi
export POSTGRES_INITDB_ARGS='--data-checksums --auth-host=scram-sha-256 --auth-local=scram-sha-256'
# No statement, parameter or row in the log: it may leave the site, the values may not.
exec docker-entrypoint.sh postgres \
  -c listen_addresses='*' -c hba_file=/etc/plantbridge/pg_hba.conf \
  -c ssl=on -c ssl_cert_file="$tls/server.crt" -c ssl_key_file="$tls/server.key" -c ssl_min_protocol_version=TLSv1.3 \
  -c log_statement=none -c log_min_error_statement=panic -c log_error_verbosity=terse \
  -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0
