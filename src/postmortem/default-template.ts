/** The template of tenants that have none of their own, and the one that stands in for a broken one. */
export const DEFAULT_TEMPLATE = `
## Summary
{% if drill %}**This was a drill.** {% endif -%}
Gate **{{ bypass.gate }}**{% if bypass.gates.size > 1 %} ({{ bypass.gates }}){% endif %} was in bypass for {{ bypass.scope.service }} in {{ bypass.scope.environment -}}
{% if bypass.scope.branch %}, branch {{ bypass.scope.branch }}{% else %}, any branch{% endif -%}
{% if bypass.scope.artifact %}, artifact {{ bypass.scope.artifact | code }}{% else %}, any artifact{% endif -%}
{% if bypass.open_for %}, for {{ bypass.open_for | duration }}{% endif %}. \
{{ requester.name }} asked for it{% if bypass.justification %}:
{{ bypass.justification | quote }}
{% else %}; the reason was erased.
{% endif %}
*What happened, in two sentences, for somebody who was asleep?*

## Incident
{% if incident %}{{ incident }}{% else %}None was named{% endif -%}
{% if bypass.severity %}, severity {{ bypass.severity }}{% endif %}.

## Bypass
- Asked {{ bypass.opened_at | time }} for {{ bypass.ttl_asked | duration }}
{%- if bypass.extends %}, as an extension of {{ bypass.extends | code }}{% endif %}
{%- if bypass.activated_at %}
- Open from {{ bypass.activated_at | time }}, granted for {{ bypass.ttl | duration }}
{%- endif %}
{%- if end %}
- Ended {{ end.at | time }}: {{ end.how }}{% if end.by %} by {{ end.by }}{% endif %}
{%- if end.reason %} ({{ end.reason }}){% endif %}
{%- if end.enforces == true and end.open_beside_until %}; looked at, nothing passes by this bypass; another kept the gate open for this scope until {{ end.open_beside_until | time }}
{%- elsif end.enforces == true %}; looked at, the gate enforces again
{%- elsif end.enforces == false %}; **looked at, the gate did not enforce**
{%- endif %}
{%- endif %}
- Tiers: {{ bypass.tiers }}
- Entry {{ receipt.index }} in the log, covered by checkpoint {{ receipt.size }} · {{ receipt.root | code }}
{%- for one in earlier %}
- Before it in the chain: {{ one.id | code }}, opened {{ one.opened_at | time }}
{%- endfor %}

## Approvals
{% for one in approvals -%}
- {{ one.name }}, {{ one.at | time }}, for {{ one.ttl | duration }}, {{ one.signing }} (entry {{ one.receipt.index }})
{% else -%}
None.
{% endfor -%}
{% for one in denials -%}
- Denied before by {{ one.name }}, {{ one.at | time }}{% if one.reason %}: {{ one.reason }}{% endif %}
{% endfor %}
## Deploys
{% for one in deploys -%}
- {{ one.id | code }}{% if bypass.gates.size > 1 %} at {{ one.gate }}{% endif %}: {{ one.service }} in {{ one.environment }}, {{ one.at | time }}, {% case one.revert %}{% when 'pending' %}to be put back under enforcement{% when 'done' %}put back under enforcement{% when 'too-late' %}ended before it could be stopped{% when 'unknown' %}its end is not known{% else %}{{ one.outcome | default: one.status }}{% endcase -%}
{% if one.artifact %}, {{ one.artifact.digest | code }}{% endif -%}
{% if one.commit %}, commit {{ one.commit | code }}{% endif -%}
{% if one.by %}, by {{ one.by }}{% endif %}, facts {{ one.facts }} (entry {{ one.receipt.index }}){% if one.provenance -%}
; {% case one.provenance.result %}{% when 'matches' %}provenance of this artifact{% when 'other-artifact' %}**provenance of another artifact**{% when 'other-digest' %}**what lies there is not the provenance that was named**{% when 'no-artifact' %}provenance, while the deploy named no artifact{% when 'unreadable' %}no SLSA provenance could be read{% when 'unreachable' %}provenance that could not be fetched{% else %}provenance, not looked at{% endcase %} {{ one.provenance.uri | link }}
{%- endif %}
{% else -%}
Nothing was deployed under it.
{% endfor %}
## Timeline
{% for one in timeline -%}
- {{ one.at | time }} {{ one.what }}
{% else -%}
Nothing was recorded.
{% endfor %}
## Questions
1. What would have made this bypass unnecessary?
2. Was the gate right to stop the deploy? If not, what should it check instead?
3. Is what was deployed now fit to pass the gate: signed, reviewed, tested? If not, who mends it, by when?
4. Was the scope as narrow, and the time as short, as it could have been?
5. Could an approver judge the request from what they were shown?
6. What will be done, by whom, by when?
{% if assignee %}
{{ assignee.name }} answers these by {{ due | time: "date" }}.
{%- else %}
Due {{ due | time: "date" }}.
{%- endif %}
`;
