#!/usr/bin/env bash
# signed-gate.sh start|recheck COMMAND …   runs the gate's own check; if it fails, asks for a bypass
# signed-gate.sh finish OUTCOME            reports the end: succeeded, failed or cancelled
# Exit code 0: the deploy may pass. Anything else: it may not.
#
# Needs bash, curl, jq and OpenSSL 3. BREAKGLASS_URL, BREAKGLASS_TOKEN; GATE, SERVICE, ENVIRONMENT as the
# policy has them; DEPLOY_ID. DEPLOY_ATTEMPT, BRANCH, COMMIT, ARTIFACT_NAME and ARTIFACT_DIGEST where
# they are known.
set -uo pipefail
phase=$1; shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# No answer is longer than 64 KiB: what is does not come from the service, and fills no disk.
call() ( ulimit -f 64; curl -q -sS --max-time 2 -o "$1" -w '%{http_code}' "${@:2}" )

decode() { # base64url to bytes
  local text; text=$(tr '_-' '/+')
  while (( ${#text} % 4 )); do text+='='; done
  base64 -d <<<"$text"
}

ask() { # writes the answer to $work/answer; fails unless the service answered 200
  nonce=$(openssl rand -hex 16) || return 1
  jq -n --arg phase "$phase" --arg outcome "${1-}" --arg nonce "$nonce" '
    { gate: env.GATE, service: env.SERVICE, environment: env.ENVIRONMENT,
      deploy: { id: env.DEPLOY_ID, attempt: (env.DEPLOY_ATTEMPT // "1" | tonumber) },
      phase: $phase, nonce: $nonce }
    + if env.BRANCH then { branch: env.BRANCH } else {} end
    + if env.COMMIT then { commit: env.COMMIT } else {} end
    + if env.ARTIFACT_DIGEST
      then { artifact: { name: (env.ARTIFACT_NAME // env.SERVICE), digest: env.ARTIFACT_DIGEST } }
      else {} end
    + if $outcome != "" then { outcome: $outcome } else {} end' >"$work/question" || return 1
  # The token goes in by standard input: arguments can be read by everyone on the machine.
  [ "$(printf 'header = "Authorization: Bearer %s"\n' "$BREAKGLASS_TOKEN" |
    call "$work/answer" "$BREAKGLASS_URL/v1/decisions" --config - \
      -H 'Content-Type: application/json' --data-binary "@$work/question")" = 200 ]
}

verified() { # the answer is signed by the service, for this gate, this deploy and this nonce
  local head body signature
  IFS=. read -r head body signature < <(jq -r .jws "$work/answer") || return 1
  [ "$(call "$work/keys" "$BREAKGLASS_URL/.well-known/breakglass/decision-keys.json")" = 200 ] || return 1
  decode <<<"$head" >"$work/head" && decode <<<"$body" >"$work/claims" || return 1
  jq -e '.alg == "EdDSA" and .typ == "breakglass-decision+jwt"' "$work/head" >/dev/null || return 1
  # An Ed25519 key as DER is these twelve bytes (RFC 8410) and the key.
  { printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'
    jq -r --slurpfile head "$work/head" '.keys[] | select(.kid == $head[0].kid).x' "$work/keys" | decode
  } >"$work/key"
  printf '%s' "$head.$body" >"$work/signed"
  decode <<<"$signature" >"$work/signature"
  openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/key" \
    -in "$work/signed" -sigfile "$work/signature" >/dev/null 2>&1 || return 1
  jq -e --arg nonce "$nonce" '
    .aud == env.GATE and .nonce == $nonce and .exp > now
    and .deploy == "\(env.DEPLOY_ID)#\(env.DEPLOY_ATTEMPT // "1")"' "$work/claims" >/dev/null
}

if [ "$phase" = finish ]; then ask "$1"; exit; fi

"$@" && exit 0
check=$?
if ask && verified && jq -e '.decision == "bypass"' "$work/claims" >/dev/null; then
  jq -r '"\(env.GATE): bypass until \(.expiresAt), entry \(.bypassEntryId)"' "$work/answer" >&2
  exit 0
fi
reason=$(jq -r '.reason? // .title? // "no answer"' "$work/answer" 2>/dev/null || echo 'no answer')
echo "$GATE failed, and no bypass covers $SERVICE in $ENVIRONMENT ($reason)." >&2
echo "If this is an incident: /breakglass $GATE $SERVICE $ENVIRONMENT 1h <why>" >&2
exit "$check"
