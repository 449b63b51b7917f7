# METADATA
# title: An example of a gate
# description: |
#   Your own policy, here one that wants signed images. New in it is all that says `breakglass`.
#   The answer carries what the service must hear of: keep `breakglass` in the result of the
#   decision that your tools ask for, POST /v1/data/deploy/decision.
package deploy

import data.breakglass.gate

default allow := false

# The gate's own check, as it was.
allow if input.image.signed == true

allow if breakglass.decision == "bypass"

# Your input in the words of a bypass. `service` and `environment` are names of the tenant's policy.
facts := {
	"gate": "image-policy",
	"service": input.service,
	"environment": input.environment,
	"artifact": input.image.digest,
	"deploy": input.run,
}

# Only asked when the check fails, so that no deploy is told as let through that did not need it.
default breakglass := {"decision": "enforce"}

breakglass := gate.answer(facts) if not input.image.signed == true

decision := {"allow": allow, "breakglass": breakglass}
