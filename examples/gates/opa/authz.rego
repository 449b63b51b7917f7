# METADATA
# title: Who may do what with this OPA
# description: |
#   For `opa run --authentication=token --authorization=basic`. Without it, whoever reaches OPA can push
#   an exception. The token of the service stands in the environment of OPA, as BREAKGLASS_OPA_TOKEN.
package system.authz

default allow := false

allow if {
	input.method == "GET"
	input.path == ["health"]
}

# Anybody may ask for decisions.
allow if {
	input.method == "POST"
	input.path == ["v1", "data", "deploy", "decision"]
}

# The service reads, writes and removes exceptions, and nothing beside them.
allow if {
	is_service
	input.method in ["GET", "PUT", "PATCH", "DELETE"]
	array.slice(input.path, 0, 4) == ["v1", "data", "breakglass", "exceptions"]
}

# It looks whether OPA sends decision logs.
allow if {
	is_service
	input.method == "GET"
	input.path == ["v1", "config"]
}

# It asks whether the gate enforces again.
allow if {
	is_service
	input.method == "POST"
	array.slice(input.path, 0, 2) == ["v1", "data"]
}

is_service if {
	input.identity != ""
	input.identity == opa.runtime().env.BREAKGLASS_OPA_TOKEN
}
