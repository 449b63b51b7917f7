package deploy_test

import data.deploy

unsigned := {
	"service": "checkout",
	"environment": "production",
	"image": {"digest": "sha256:2222222222222222222222222222222222222222222222222222222222222222", "signed": false},
	"run": "run-7#1",
}

standing := {"image-policy": {"b1": {
	"gate": "image-policy",
	"service": "checkout",
	"environment": "production",
	"branch": null,
	"artifact": null,
	"entry": "sha256:1111111111111111111111111111111111111111111111111111111111111111",
	"expiresAt": "2026-11-22T12:00:00.000Z",
}}}

now := time.parse_rfc3339_ns("2026-11-22T11:00:00Z")

test_the_check_decides if {
	deploy.decision == {"allow": false, "breakglass": {
		"decision": "enforce",
		"facts": {
			"gate": "image-policy",
			"service": "checkout",
			"environment": "production",
			"branch": null,
			"artifact": unsigned.image.digest,
		},
		"deploy": "run-7#1",
	}} with input as unsigned
}

test_a_bypass_lets_an_unsigned_image_through if {
	answer := deploy.decision with input as unsigned
		with data.breakglass.exceptions as standing
		with time.now_ns as now
	answer.allow
	answer.breakglass.bypass == "b1"
}

test_a_signed_image_uses_no_bypass if {
	signed := json.patch(unsigned, [{"op": "replace", "path": "/image/signed", "value": true}])
	deploy.decision == {"allow": true, "breakglass": {"decision": "enforce"}} with input as signed
		with data.breakglass.exceptions as standing
		with time.now_ns as now
}

test_an_input_that_lacks_a_fact_is_refused if {
	every member in ["service", "environment", "image", "run"] {
		asked := object.remove(unsigned, [member])
		not deploy.allow with input as asked
			with data.breakglass.exceptions as standing
			with time.now_ns as now
	}
}
