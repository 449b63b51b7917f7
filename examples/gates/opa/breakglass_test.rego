package breakglass.gate_test

import data.breakglass.gate

digest := "sha256:2222222222222222222222222222222222222222222222222222222222222222"

exception := {
	"gate": "image-policy",
	"service": "checkout",
	"environment": "production",
	"branch": null,
	"artifact": digest,
	"entry": "sha256:1111111111111111111111111111111111111111111111111111111111111111",
	"expiresAt": "2026-11-22T12:00:00.000Z",
}

facts := {
	"gate": "image-policy",
	"service": "checkout",
	"environment": "production",
	"branch": "main",
	"artifact": digest,
	"deploy": "run-7#1",
}

before := time.parse_rfc3339_ns("2026-11-22T11:59:59.999Z")

at_expiry := time.parse_rfc3339_ns("2026-11-22T12:00:00Z")

decided(one, asked, now) := answer.decision if {
	answer := gate.decision with input as asked
		with data.breakglass.exceptions as {"image-policy": {"b1": one}}
		with time.now_ns as now
}

with_member(object_, member, value) := object.union(object_, {member: value})

test_a_bypass_covers_what_it_names if {
	answer := gate.decision with input as facts
		with data.breakglass.exceptions as {"image-policy": {"b1": exception}}
		with time.now_ns as before
	answer == {
		"decision": "bypass",
		"bypass": "b1",
		"entry": exception.entry,
		"expiresAt": exception.expiresAt,
		"facts": object.remove(facts, ["deploy"]),
		"deploy": "run-7#1",
	}
}

test_it_is_over_at_its_expiry if decided(exception, facts, at_expiry) == "enforce"

test_nothing_stands if gate.decision.decision == "enforce" with input as facts

test_every_member_is_compared if {
	every member in ["gate", "service", "environment", "artifact"] {
		decided(exception, with_member(facts, member, "another"), before) == "enforce"
		decided(exception, object.remove(facts, [member]), before) == "enforce"
	}
}

test_names_are_compared_letter_by_letter if {
	every name in ["Checkout", "checkout ", "checkou", "checkout*"] {
		decided(exception, with_member(facts, "service", name), before) == "enforce"
	}
}

test_a_branch_is_any_or_the_one_named if {
	named := with_member(exception, "branch", "main")
	decided(named, facts, before) == "bypass"
	decided(named, with_member(facts, "branch", "hotfix"), before) == "enforce"
	decided(named, with_member(facts, "branch", null), before) == "enforce"
	decided(named, object.remove(facts, ["branch"]), before) == "enforce"
	decided(exception, object.remove(facts, ["branch"]), before) == "bypass"
}

test_an_artifact_that_is_not_named_is_any if {
	any := with_member(exception, "artifact", null)
	decided(any, object.remove(facts, ["artifact"]), before) == "bypass"
}

test_a_member_that_is_missing_in_the_exception_is_no if {
	every member in object.keys(exception) {
		decided(object.remove(exception, [member]), facts, before) == "enforce"
	}
}

test_a_member_of_another_type_is_no if {
	every member in object.keys(exception) {
		every value in [0, 9999999999999999999, true, "", [], {}, ["checkout"]] {
			decided(with_member(exception, member, value), facts, before) == "enforce"
		}
	}
}

# Rego orders numbers before strings, so that a careless comparison takes these for the future.
test_an_expiry_that_cannot_be_read_is_no if {
	unreadable := [
		null, 0, 1e30, "never", "2026-11-22", "2027-11-22T12:00:00",
		"9999-12-31T23:59:59Z", "2026-11-22T12:00:00.000Z extra",
	]
	every text in unreadable {
		decided(with_member(exception, "expiresAt", text), facts, before) == "enforce"
	}
}

test_an_entry_that_is_no_digest_is_no if {
	every text in ["sha256:12", "md5:00", upper(exception.entry), concat("", [exception.entry, "0"])] {
		decided(with_member(exception, "entry", text), facts, before) == "enforce"
	}
}

test_exceptions_of_another_shape_are_no if {
	every all in [null, [], "x", 1, {"image-policy": null}, {"image-policy": "x"}, {"image-policy": {"b1": null}}] {
		gate.decision.decision == "enforce" with input as facts
			with data.breakglass.exceptions as all
			with time.now_ns as before
	}
}

test_one_malformed_exception_takes_nothing_from_another if {
	answer := gate.decision with input as facts
		with data.breakglass.exceptions as {"image-policy": {"a": null, "b": {"expiresAt": 1}, "c": exception}}
		with time.now_ns as before
	answer.bypass == "c"
}

test_an_exception_of_another_gate_is_no if {
	gate.decision.decision == "enforce" with input as facts
		with data.breakglass.exceptions as {"other-gate": {"b1": exception}}
		with time.now_ns as before
	gate.decision.decision == "enforce" with input as with_member(facts, "gate", "other-gate")
		with data.breakglass.exceptions as {"other-gate": {"b1": exception}}
		with time.now_ns as before
}

test_a_deploy_without_a_name_is_not_let_through if {
	decided(exception, object.remove(facts, ["deploy"]), before) == "enforce"
	every value in ["", null, 7, true] {
		decided(exception, with_member(facts, "deploy", value), before) == "enforce"
	}
}

test_facts_of_another_shape_are_no if {
	every asked in [null, [], "x", 1, {}, {"gate": ["image-policy"]}] {
		decided(exception, asked, before) == "enforce"
	}
}
