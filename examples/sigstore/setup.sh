#!/bin/sh
# Makes the keys, certificates and settings of a private Sigstore, with openssl alone.
#
#   ISSUER=https://breakglass.example.com [SSO_ISSUER=https://login.example.com] [SSO_CLIENT=breakglass-signing] sh setup.sh [folder]
#
# ISSUER is the service's own address (PUBLIC_URL), letter by letter. The folder defaults to ./state.
# What is there already is kept: no key is ever written over.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
state=${1:-"$here/state"}
issuer=${ISSUER:?ISSUER is the address of the service, as PUBLIC_URL has it}
organisation=${ORGANISATION:-Break-glass}
mkdir -p "$state/fulcio" "$state/tsa" "$state/rekor" "$state/log" "$state/ct"

ec_key() { [ -s "$1" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
public_of() { openssl pkey -in "$1" -pubout -out "$2"; }

# root <name> <common name> <path length> <certificate that it signs>
# Where that certificate stands, the root has nothing to sign: it may be offline, and none is made.
root() {
  [ ! -s "$4" ] || return 0
  mkdir -p "$state/offline"
  ec_key "$state/offline/$1-root.key"
  [ -s "$state/offline/$1-root.pem" ] || openssl req -x509 -new -sha256 -days 3650 \
    -key "$state/offline/$1-root.key" -subj "/O=$organisation/CN=$2 root" \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:'"$3" \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' -out "$state/offline/$1-root.pem"
}

# signed_by_root <name> <common name> <key> <certificate> <extension>...
signed_by_root() {
  name=$1 common=$2 key=$3 certificate=$4
  shift 4
  ec_key "$key"
  [ -s "$certificate" ] && return
  extensions=''
  for extension in "$@"; do extensions="$extensions -addext $extension"; done
  # The extensions hold no spaces, and are meant to be split.
  # shellcheck disable=SC2086
  openssl req -x509 -new -sha256 -days 1825 -key "$key" -subj "/O=$organisation/CN=$common" \
    -CA "$state/offline/$name-root.pem" -CAkey "$state/offline/$name-root.key" $extensions \
    -out "$certificate.own"
  cat "$certificate.own" "$state/offline/$name-root.pem" >"$certificate"
  rm "$certificate.own"
}

# The certificate authority: Fulcio signs with an intermediate, so that the root's key can be kept away.
root fulcio 'Certificate authority' 1 "$state/fulcio/chain.pem"
signed_by_root fulcio 'Fulcio' "$state/fulcio/key.pem" "$state/fulcio/chain.pem" \
  basicConstraints=critical,CA:TRUE,pathlen:0 keyUsage=critical,keyCertSign,cRLSign \
  extendedKeyUsage=codeSigning

# The timestamp authority: an end-entity certificate with one critical purpose (RFC 3161, 2.3).
root tsa 'Timestamp authority' 0 "$state/tsa/chain.pem"
signed_by_root tsa 'Timestamps' "$state/tsa/key.pem" "$state/tsa/chain.pem" \
  basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature \
  extendedKeyUsage=critical,timeStamping

# The transparency log signs its checkpoints with Ed25519.
[ -s "$state/rekor/key.pem" ] || openssl genpkey -algorithm ED25519 -out "$state/rekor/key.pem"
public_of "$state/rekor/key.pem" "$state/rekor/public.pem"

# The certificate log's key; used only if you run one.
ec_key "$state/ct/key.pem"
public_of "$state/ct/key.pem" "$state/ct/public.pem"

# Fulcio's settings name whom it believes.
without_sign_ins='/# sign-ins: begin/,/# sign-ins: end/d'
[ -z "${SSO_ISSUER:-}" ] || without_sign_ins=''
sed -e "$without_sign_ins" -e "s|https://breakglass.example.com|$issuer|g" \
  -e "s|https://login.example.com|${SSO_ISSUER:-}|g" \
  -e "s|breakglass-signing|${SSO_CLIENT:-breakglass-signing}|g" \
  "$here/fulcio-config.yaml" >"$state/fulcio/config.yaml"

# The programs run as whoever owns these files; nobody else reads them.
[ "$state" != "$here/state" ] || printf 'RUN_AS=%s:%s\n' "$(id -u)" "$(id -g)" >"$here/.env"
printf 'Ready in %s.\n' "$state"
[ ! -d "$state/offline" ] || printf 'Move %s/offline to a place that is not online.\n' "$state"
