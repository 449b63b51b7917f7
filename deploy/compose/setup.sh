#!/bin/sh
# Makes what compose.yaml needs, in `state` beside this file: passwords, settings, a policy to change.
# What is there is kept: it can be run again. Needs openssl.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
state=$here/state
umask 077
mkdir -p "$state/policy"

# In hex: it stands in an address. The folder keeps others out; the container's user must read the file.
password() {
  [ -s "$state/$1" ] || openssl rand -hex 24 | tr -d '\n' >"$state/$1"
  chmod 0444 "$state/$1"
}
password postgres-password
password breakglass-password

[ -s "$state/breakglass.env" ] || cat >"$state/breakglass.env" <<END
# Every setting stands in docs/operations.md. Write values without quotes.
DATABASE_URL=postgres://breakglass:$(cat "$state/breakglass-password")@database/breakglass
# Without this key nobody can read what is sealed in the database. Keep a copy where no backup of it is.
BREAKGLASS_KEK=$(openssl rand -base64 32)
# Set it before the first start: its host is in the log for ever.
PUBLIC_URL=${PUBLIC_URL:-http://localhost:8080}
# docs/setup-slack.md
SLACK_BOT_TOKEN=
SLACK_APP_TOKEN=
# For an evaluation. In production FULCIO_URL and TSA_URL in its place: docs/sigstore.md
BREAKGLASS_EMBEDDED_SIGSTORE=evaluation
END

for file in policy.yaml post-mortem.md.liquid; do
  [ -s "$state/policy/$file" ] || sed 's|\$schema=\.\./docs|$schema=../../../../docs|' "$here/../../examples/$file" >"$state/policy/$file"
done
chmod 0755 "$state/policy"
chmod 0644 "$state/policy"/*

printf '%s\n' "Now write the tokens of Slack into $state/breakglass.env," \
  "and change $state/policy/policy.yaml."
