#!/bin/sh
# gate.sh start|recheck    exit code 0: a bypass covers this deploy. Anything else: the gate enforces.
# gate.sh finish OUTCOME   reports how it ended: succeeded, failed or cancelled.
#
# Needs curl. Behind the gate's own check:   cosign verify "$IMAGE" || ./gate.sh start || exit 1
# BREAKGLASS_URL, BREAKGLASS_TOKEN; GATE, SERVICE, ENVIRONMENT as the policy has them; DEPLOY, the id
# of this run. ATTEMPT, BRANCH, COMMIT and ARTIFACT (name@sha256:…) where they are known.
set -u
phase=$1
outcome=${2-}
answer=$(mktemp) || exit 1
trap 'rm -f "$answer"' EXIT

# The token goes in by standard input: arguments can be read by everyone on the machine.
# An answer longer than 64 KiB does not come from the service; it fills no disk.
# No settings of the user (-q) and no --location: who follows a redirect believes whoever it names.
status=$(
  ulimit -f 128 # of 512 bytes
  printf 'header = "Authorization: Bearer %s"\n' "$BREAKGLASS_TOKEN" |
    curl -q --config - --silent --show-error --max-time 2 --output "$answer" --write-out '%{http_code}' \
      --data-urlencode "phase=$phase" \
      --data-urlencode "service=$SERVICE" \
      --data-urlencode "environment=$ENVIRONMENT" \
      --data-urlencode "deploy=$DEPLOY" \
      ${ATTEMPT:+--data-urlencode "attempt=$ATTEMPT"} \
      ${BRANCH:+--data-urlencode "branch=$BRANCH"} \
      ${COMMIT:+--data-urlencode "commit=$COMMIT"} \
      ${ARTIFACT:+--data-urlencode "artifact=$ARTIFACT"} \
      ${outcome:+--data-urlencode "outcome=$outcome"} \
      "$BREAKGLASS_URL/v1/gates/$GATE"
) || status=000

if [ "$phase" = finish ] && [ "$status" = 403 ]; then exit 0; fi
# The status and the body: the login page of a proxy in between is a 200 too.
if [ "$phase" != finish ] && [ "$status" = 200 ] && grep -q '"decision":"bypass"' "$answer"; then
  echo "$GATE: a bypass covers this deploy of $SERVICE to $ENVIRONMENT" >&2
  exit 0
fi
echo "$GATE enforces for $SERVICE in $ENVIRONMENT (status $status)" >&2
cat "$answer" >&2
echo >&2
exit 1
