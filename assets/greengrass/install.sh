#!/usr/bin/env bash
# Turns a Linux machine into a gateway of Plantbridge: checks it, installs the AWS IoT Greengrass nucleus and enrols it with a
# claim of five minutes. docs/gateway.md explains each step. Running it again changes nothing that is in order.
set -euo pipefail

readonly RELEASES=https://d2s8p88vqu9w66.cloudfront.net/releases
# Amazon Root CA 1, by which the gateway knows AWS IoT.
readonly ROOT_CA_SHA256=8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e
readonly OLDEST_JAVA=17

usage() {
  cat <<'HELP'
Usage: install.sh [--prepare | --dry-run] <options>

Turns this machine into a gateway. In two steps, since a claim lives five minutes only:

  install.sh --prepare <software options>     checks the machine, sets its clock, fetches the software; needs no claim
  install.sh <all options>                    does the same where it is missing, then enrols

"plant gateway enroll" prints the second command line with all of its options.

Software; after --prepare it is known
  --nucleus-version <v>       version of the AWS IoT Greengrass nucleus
  --nucleus-sha256 <hex>      SHA-256 of its zip file
  --nucleus-zip <file>        the zip file; default: it is downloaded
  --plugin-version <v>        version of the fleet provisioning plugin
  --plugin-sha256 <hex>       SHA-256 of its jar file
  --plugin-jar <file>         the jar file; default: it is downloaded
  --broker <kind>             moquette or emqx (needs Docker); default: moquette

Enrolment
  --claim <folder>            the folder that "plant gateway enroll" wrote; its claim is deleted when it was used
  --serial <number>           the serial number of this machine, as the site file lists it
  --region <region>           AWS Region
  --data-endpoint <host>      the account's endpoint of AWS IoT
  --credential-endpoint <host>  the account's endpoint for credentials
  --role-alias <name>         role alias of the gateway
  --template <name>           provisioning template of the gateway

Network
  --time-server <host>        an NTP server, may be given several times; default: those that the machine has
  --chrony-sources <folder>   where chrony reads sources; default: /etc/chrony/sources.d
  --proxy <url>               HTTP proxy, without a password
  --no-proxy <list>           addresses without the proxy, with commas
  --private-endpoints         AWS is reached by VPC endpoints

Other
  --root <folder>             the folder of Greengrass; default: /greengrass/v2
  --wait-seconds <n>          how long to wait for the enrolment; default: 240
  --prepare                   everything but the enrolment
  --dry-run                   prints what would be done and written, and changes nothing
  --help                      prints this
HELP
}

say() { printf '%s\n' "$*"; }

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

# --- Options ---------------------------------------------------------------------------------------------------------------

mode=enrol
root=/greengrass/v2
chrony_sources=/etc/chrony/sources.d
wait_seconds=240
time_servers=()
private_endpoints=no
broker='' nucleus_version='' nucleus_sha256='' nucleus_zip='' plugin_version='' plugin_sha256='' plugin_jar=''
claim='' serial='' region='' data_endpoint='' credential_endpoint='' role_alias='' template='' proxy='' no_proxy_list=''

parse() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --help | -h) usage; exit 0 ;;
      --prepare) mode=prepare; shift; continue ;;
      --dry-run) mode=dry-run; shift; continue ;;
      --private-endpoints) private_endpoints=yes; shift; continue ;;
      --*) ;;
      *) fail "there is no argument \"$1\". install.sh --help shows what there is." ;;
    esac
    [ $# -ge 2 ] || fail "$1 needs a value, or is not an option. install.sh --help shows what there is."
    case "$1" in
      --nucleus-version) nucleus_version=$2 ;;
      --nucleus-sha256) nucleus_sha256=$2 ;;
      --nucleus-zip) nucleus_zip=$2 ;;
      --plugin-version) plugin_version=$2 ;;
      --plugin-sha256) plugin_sha256=$2 ;;
      --plugin-jar) plugin_jar=$2 ;;
      --broker) broker=$2 ;;
      --claim) claim=$2 ;;
      --serial) serial=$2 ;;
      --region) region=$2 ;;
      --data-endpoint) data_endpoint=$2 ;;
      --credential-endpoint) credential_endpoint=$2 ;;
      --role-alias) role_alias=$2 ;;
      --template) template=$2 ;;
      --time-server) time_servers+=("$2") ;;
      --chrony-sources) chrony_sources=$2 ;;
      --proxy) proxy=$2 ;;
      --no-proxy) no_proxy_list=$2 ;;
      --root) root=$2 ;;
      --wait-seconds) wait_seconds=$2 ;;
      *) fail "there is no option $1. install.sh --help shows what there is." ;;
    esac
    shift 2
  done
}

# must_match <option> <value> <pattern> <what is allowed>: what ends up in a file is never free text.
must_match() {
  [ -n "$2" ] || fail "$1 is missing: $4."
  [[ $2 =~ ^($3)$ ]] || fail "$1 must be $4, got: $2"
}

# What --prepare has noted counts where it is not given again. It is read as data, never run.
take_prepared() {
  local name value
  [ -f "$root/installer/prepared" ] || return 0
  while IFS='=' read -r name value; do
    case "$name" in
      nucleus_version) nucleus_version=${nucleus_version:-$value} ;;
      nucleus_sha256) nucleus_sha256=${nucleus_sha256:-$value} ;;
      plugin_version) plugin_version=${plugin_version:-$value} ;;
      plugin_sha256) plugin_sha256=${plugin_sha256:-$value} ;;
      broker) broker=${broker:-$value} ;;
      *) ;;
    esac
  done <"$root/installer/prepared"
}

note_prepared() {
  cat >"$installer/prepared" <<PREPARED
nucleus_version=$nucleus_version
nucleus_sha256=$nucleus_sha256
plugin_version=$plugin_version
plugin_sha256=$plugin_sha256
broker=$broker
PREPARED
}

check_options() {
  local version='[0-9]+\.[0-9]+\.[0-9]+' sha256='[0-9A-Fa-f]{64}' host='[A-Za-z0-9][A-Za-z0-9.-]*' server
  must_match --nucleus-version "$nucleus_version" "$version" 'a version such as 2.18.0'
  must_match --nucleus-sha256 "$nucleus_sha256" "$sha256" '64 hexadecimal digits'
  must_match --plugin-version "$plugin_version" "$version" 'a version such as 1.2.2'
  must_match --plugin-sha256 "$plugin_sha256" "$sha256" '64 hexadecimal digits'
  must_match --broker "$broker" 'moquette|emqx' 'moquette or emqx'
  must_match --root "$root" '/[A-Za-z0-9/._-]+' 'an absolute path'
  must_match --wait-seconds "$wait_seconds" '[0-9]{1,4}' 'seconds'
  for server in ${time_servers[@]+"${time_servers[@]}"}; do
    must_match --time-server "$server" "$host" 'a host name or an address'
  done
  [ -z "$proxy" ] || must_match --proxy "$proxy" 'https?://[A-Za-z0-9.:_-]+/?' 'http://host:port or https://host:port, without a password'
  [ -z "$no_proxy_list" ] || must_match --no-proxy "$no_proxy_list" '[A-Za-z0-9.:/,*_-]+' 'addresses with commas'
  [ -z "$no_proxy_list" ] || [ -n "$proxy" ] || fail '--no-proxy needs --proxy.'
  [ "$mode" != prepare ] || return 0
  must_match --claim "$claim" '[^"]+' 'the folder that "plant gateway enroll" wrote'
  must_match --serial "$serial" '[A-Za-z0-9][A-Za-z0-9_-]{0,63}' 'letters, digits, "-" and "_", 64 at most'
  must_match --region "$region" '[a-z]{2}(-[a-z]+)+-[0-9]' 'an AWS Region such as eu-central-1'
  must_match --data-endpoint "$data_endpoint" "$host" 'a host name'
  must_match --credential-endpoint "$credential_endpoint" "$host" 'a host name'
  must_match --role-alias "$role_alias" '[A-Za-z0-9_=,@-]{1,128}' 'the name of a role alias'
  must_match --template "$template" '[0-9A-Za-z_-]{1,36}' 'the name of a provisioning template'
}

# --- The machine -----------------------------------------------------------------------------------------------------------

has() { command -v "$1" >/dev/null 2>&1; }

check_machine() {
  local tool missing=() java_version java_major
  [ "$(id -u)" = 0 ] || fail 'must run as root: sudo ./install.sh ...'
  for tool in systemctl java unzip sha256sum sudo; do has "$tool" || missing+=("$tool"); done
  has curl || [ -n "$nucleus_zip" ] || [ -f "$plugin" ] || missing+=(curl)
  [ ${#missing[@]} -eq 0 ] || fail "these programs are missing: ${missing[*]}. Install them with the system's package manager."
  systemctl show --property=Version >/dev/null 2>&1 || fail 'systemd does not run here, and Greengrass is to be its service.'
  java_version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9][0-9.]*\).*/\1/p' | head -n 1)
  java_major=${java_version%%.*}
  [ "${java_major:-0}" -ge "$OLDEST_JAVA" ] ||
    fail "Java $OLDEST_JAVA or newer is needed, got: ${java_version:-unknown}. Install e.g. openjdk-17-jre-headless."
  [ "$broker" != emqx ] || docker info >/dev/null 2>&1 ||
    fail 'the broker emqx needs Docker, and it does not answer. Install and start it, or take the broker moquette.'
}

set_clock() {
  if [ ${#time_servers[@]} -gt 0 ]; then
    has chronyc || fail 'time servers are given, but chrony is missing. Install chrony.'
    [ -d "$chrony_sources" ] || fail "chrony has no folder $chrony_sources. Make it, put \"sourcedir $chrony_sources\" into chrony.conf and restart chrony."
    printf 'server %s iburst\n' "${time_servers[@]}" >"$chrony_sources/plantbridge.sources"
    chronyc reload sources >/dev/null || fail 'chrony does not take the time servers: see "systemctl status chrony".'
  fi
  # TLS and every value's time stamp stand on the clock: half a second is asked for, and two minutes are given.
  if has chronyc; then
    chronyc waitsync 24 0.5 0 5 >/dev/null ||
      fail 'the clock is not synchronised. "chronyc sources" shows which time servers answer; a firewall may block NTP (UDP 123).'
  elif [ "$(timedatectl show --property=NTPSynchronized --value 2>/dev/null)" != yes ]; then
    fail 'the clock is not synchronised, or nothing here says that it is. Install chrony, or give --time-server.'
  fi
}

make_user() {
  getent group ggc_group >/dev/null || groupadd --system ggc_group
  id ggc_user >/dev/null 2>&1 ||
    useradd --system --gid ggc_group --create-home --shell /usr/sbin/nologin ggc_user
  [ "$broker" != emqx ] || usermod --append --groups docker ggc_user
}

make_folders() {
  # The programs of ggc_user lie below: they are read by others, and written by root alone.
  mkdir -p "$root" "$installer" "$(dirname "$plugin")"
  chmod 0755 "$root"
  chmod 0700 "$installer"
}

# --- The software ----------------------------------------------------------------------------------------------------------

# fetch <given file or ''> <url> <target> <sha256>
fetch() {
  if [ ! -f "$3" ]; then
    if [ -n "$1" ]; then
      [ -f "$1" ] || fail "there is no file $1."
      cp "$1" "$3.part"
    else
      curl --fail --silent --show-error --location --proto '=https' ${proxy:+--proxy "$proxy"} --output "$3.part" "$2" ||
        fail "can't download $2. Without internet, bring the file and name it: see install.sh --help."
    fi
    mv "$3.part" "$3"
  fi
  if ! printf '%s  %s\n' "$(printf '%s' "$4" | tr 'A-F' 'a-f')" "$3" | sha256sum --check --status; then
    rm -f "$3"
    fail "the checksum of $(basename "$3") is not $4: the file is not the one that was checked. It was deleted."
  fi
}

fetch_software() {
  local zip="$installer/greengrass-$nucleus_version.zip"
  fetch "$nucleus_zip" "$RELEASES/greengrass-$nucleus_version.zip" "$zip" "$nucleus_sha256"
  fetch "$plugin_jar" \
    "$RELEASES/aws-greengrass-FleetProvisioningByClaim/fleetprovisioningbyclaim-$plugin_version.jar" \
    "$plugin" "$plugin_sha256"
  [ -f "$nucleus/lib/Greengrass.jar" ] || unzip -q -o "$zip" -d "$nucleus"
}

# --- The enrolment ---------------------------------------------------------------------------------------------------------

render_config() {
  say '---'
  # An HTTPS proxy is checked by this file too.
  [[ $proxy != https://* ]] || printf 'system:\n  rootCaPath: "%s/AmazonRootCA1.pem"\n' "$root"
  cat <<CONFIG
services:
  aws.greengrass.Nucleus:
    version: "$nucleus_version"
    configuration:
      mqtt:
        port: 443
      greengrassDataPlanePort: 443
CONFIG
  [ "$private_endpoints" = no ] || printf '      greengrassDataPlaneEndpoint: "iotdata"\n      s3EndpointType: "REGIONAL"\n'
  if [ -n "$proxy" ]; then
    printf '      networkProxy:\n'
    [ -z "$no_proxy_list" ] || printf '        noProxyAddresses: "%s"\n' "$no_proxy_list"
    printf '        proxy:\n          url: "%s"\n' "$proxy"
  fi
  cat <<CONFIG
  aws.greengrass.FleetProvisioningByClaim:
    configuration:
      rootPath: "$root"
      awsRegion: "$region"
      iotDataEndpoint: "$data_endpoint"
      iotCredentialEndpoint: "$credential_endpoint"
      iotRoleAlias: "$role_alias"
      provisioningTemplate: "$template"
      claimCertificatePath: "$root/claim-certs/claim.pem.crt"
      claimCertificatePrivateKeyPath: "$root/claim-certs/claim.private.pem.key"
      rootCaPath: "$root/AmazonRootCA1.pem"
      mqttPort: 443
      templateParameters:
        SerialNumber: "$serial"
CONFIG
  [ -z "$proxy" ] || printf '      proxyUrl: "%s"\n' "$proxy"
}

check_claim() {
  local file expires fingerprint
  for file in claim.pem.crt claim.private.pem.key AmazonRootCA1.pem expires; do
    [ -f "$claim/$file" ] || fail "the claim folder $claim has no $file. \"plant gateway enroll\" writes it."
  done
  expires=$(tr -cd '0-9' <"$claim/expires")
  [ "$(date +%s)" -lt "${expires:-0}" ] ||
    fail 'the claim has expired: it lives five minutes. Run "plant gateway enroll" again. The machine stays prepared.'
  fingerprint=$(sed '/-----/d' "$claim/AmazonRootCA1.pem" | base64 --decode 2>/dev/null | sha256sum | cut -d ' ' -f 1)
  [ "$fingerprint" = "$ROOT_CA_SHA256" ] || fail "$claim/AmazonRootCA1.pem is not Amazon Root CA 1."
}

forget_claim() { rm -rf "$root/claim-certs"; }

place_claim() {
  trap forget_claim EXIT
  mkdir -p "$root/claim-certs"
  chmod 0700 "$root/claim-certs"
  install -m 0600 "$claim/claim.pem.crt" "$claim/claim.private.pem.key" "$root/claim-certs/"
  install -m 0644 "$claim/AmazonRootCA1.pem" "$root/AmazonRootCA1.pem"
}

is_enrolled() { [ -s "$root/thingCert.crt" ] && [ -s "$root/privKey.key" ]; }

is_running() { systemctl is-active --quiet greengrass; }

refusal_hints() {
  say "  It is refused where its serial number $serial is not listed for this gateway, or was used before."
  say "  It waits where port 443 to $data_endpoint is closed."
  say '  The claim lives five minutes: for another try, run "plant gateway enroll" again.'
}

install_nucleus() {
  local config="$installer/config.yaml"
  render_config >"$config"
  chmod 0600 "$config"
  # The plugin tries to connect for ever, the claim does not live that long.
  timeout "$wait_seconds" java -Droot="$root" -Dlog.store=FILE -jar "$nucleus/lib/Greengrass.jar" \
    --trusted-plugin "$plugin" --init-config "$config" \
    --component-default-user ggc_user:ggc_group --setup-system-service true ||
    fail "the installer of Greengrass failed, or took longer than $wait_seconds seconds: see $root/logs/greengrass.log.
$(refusal_hints)"
}

await_enrolment() {
  local until=$((SECONDS + wait_seconds))
  until is_enrolled && is_running; do
    [ "$SECONDS" -lt "$until" ] || fail "the gateway is not enrolled after $wait_seconds seconds: see $root/logs/greengrass.log.
$(refusal_hints)"
    sleep 1
  done
}

delete_claim() {
  local file
  for file in claim.private.pem.key claim.pem.crt expires; do
    shred --remove "$claim/$file" 2>/dev/null || rm -f "$claim/$file"
  done
}

main() {
  parse "$@"
  take_prepared
  broker=${broker:-moquette}
  check_options
  installer="$root/installer"
  nucleus="$installer/nucleus-$nucleus_version"
  # The nucleus knows a plugin by the name of its file.
  plugin="$installer/plugin-$plugin_version/aws.greengrass.FleetProvisioningByClaim.jar"
  if [ "$mode" = dry-run ]; then
    say "Would check this machine, synchronise its clock, make the user ggc_user and the folder $root,"
    say "fetch nucleus $nucleus_version and plugin $plugin_version, and enrol $serial with this $installer/config.yaml:"
    render_config
    return
  fi
  check_machine
  if is_enrolled; then
    is_running || systemctl enable --now greengrass || fail 'this gateway is enrolled, but the service greengrass does not start.'
    say "This machine is enrolled already, and Greengrass runs: nothing was changed."
    return
  fi
  [ "$mode" = prepare ] || check_claim
  set_clock
  make_user
  make_folders
  fetch_software
  if [ "$mode" = prepare ]; then
    note_prepared
    say 'This machine is prepared. Now "plant gateway enroll" gives a claim of five minutes.'
    return
  fi
  place_claim
  install_nucleus
  await_enrolment
  delete_claim
  say "The gateway is enrolled as $role_alias and runs. Its software is deployed in the next minutes."
}

main "$@"
