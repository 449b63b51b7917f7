# METADATA
# title: Break-glass bypasses of a deploy gate
# description: |
#   Says whether a bypass that stands under data.breakglass.exceptions covers a deploy.
#   Whatever is missing, malformed or over is answered with "enforce".
#   Bundles: own the root "breakglass/gate", and leave "breakglass/exceptions" to the service.
package breakglass.gate

# What to ask over HTTP: POST /v1/data/breakglass/gate/decision with the facts as `input`.
decision := answer(input)

# For an input that is no object at all.
default decision := {"decision": "enforce"}

# What to call from a policy of your own, with the facts in whatever place your input has them.
answer(facts) := {
	"decision": "bypass",
	"bypass": id,
	"entry": exception.entry,
	"expiresAt": exception.expiresAt,
	"facts": named(facts),
	"deploy": facts.deploy,
} if {
	some id in [min(covering(facts))]
	exception := data.breakglass.exceptions[facts.gate][id]
} else := {"decision": "enforce", "facts": named(facts), "deploy": object.get(facts, "deploy", null)}

# The ids of all bypasses that cover these facts.
covering(facts) := {id |
	# Without a name for the deploy, nobody could say later what was let through.
	is_string(facts.deploy)
	facts.deploy != ""
	is_string(facts.gate)
	some id, exception in data.breakglass.exceptions[facts.gate]
	well_formed(exception)
	exception.gate == facts.gate
	exception.service == facts.service
	exception.environment == facts.environment
	any_or_same(exception.branch, object.get(facts, "branch", null))
	any_or_same(exception.artifact, object.get(facts, "artifact", null))
	not over(exception)
}

# `null` in the exception means any. Named there and missing in the facts means no.
any_or_same(null, _)

any_or_same(wanted, said) if wanted == said

# `not over(…)` alone would take an expiry that cannot be read for one that has not come.
well_formed(exception) if {
	every member in ["gate", "service", "environment", "entry", "expiresAt"] {
		is_string(exception[member])
		exception[member] != ""
	}
	name_or_null(exception.branch)
	name_or_null(exception.artifact)
	regex.match(`^sha256:[0-9a-f]{64}$`, exception.entry)
	time.parse_rfc3339_ns(exception.expiresAt)
}

name_or_null(null)

name_or_null(name) if {
	is_string(name)
	name != ""
}

over(exception) if time.now_ns() >= time.parse_rfc3339_ns(exception.expiresAt)

named(facts) := {member: object.get(facts, member, null) |
	some member in ["gate", "service", "environment", "branch", "artifact"]
}
