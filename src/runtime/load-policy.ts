import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Capabilities } from '#application/policy/check-groups';
import { formatMistakes, type Mistake } from '#application/policy/mistake';
import { parsePolicyDocument } from '#application/policy/parse-policy-document';
import { policyVersion } from '#application/policy/apply-policy';
import type { PostMortemTemplates } from '#application/ports/post-mortem-template';
import type { PolicyVersion } from '#application/ports/policy-version';

/** A policy that cannot be put in force; the message lists every mistake with line and remedy. */
class PolicyUnusable extends Error {
  override name = 'PolicyUnusable';
  readonly code: 'unreadable' | 'mistakes';
  constructor(code: 'unreadable' | 'mistakes', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The same for a policy that a look at the tenant's log refused. */
export function policyRefused(file: string, mistakes: readonly Mistake[]): Error {
  return new PolicyUnusable('mistakes', formatMistakes(file, mistakes));
}

export interface LoadedPolicy {
  readonly tenant: string;
  readonly version: PolicyVersion;
  readonly document: string;
  /** Allowed, but perhaps not meant. */
  readonly warnings: string | null;
}

/**
 * Reads and checks a policy document and its template.
 *
 * @param capabilities what this installation can do; a policy that relies on what it cannot is refused.
 * @throws PolicyUnusable
 */
export async function loadPolicy(
  file: string,
  homeTeam: string,
  templates: PostMortemTemplates,
  capabilities: Capabilities,
): Promise<LoadedPolicy> {
  const document = await read(file, 'the policy');
  const parsed = parsePolicyDocument(document, { file, homeTeam, capabilities });
  if (!parsed.ok) throw new PolicyUnusable('mistakes', formatMistakes(file, parsed.mistakes));
  const { compiled, warnings } = parsed;
  const template = await readTemplate(file, compiled.templateFile, templates);
  return {
    tenant: compiled.tenant,
    version: policyVersion(compiled, template, homeTeam),
    document,
    warnings: warnings.length === 0 ? null : formatMistakes(file, warnings),
  };
}

async function readTemplate(
  policyFile: string,
  templateFile: string | null,
  templates: PostMortemTemplates,
): Promise<string | null> {
  if (templateFile === null) return null;
  const file = resolve(dirname(policyFile), templateFile);
  const source = await read(file, 'the post-mortem template');
  const mistakes = templates.check(source);
  if (mistakes.length === 0) return source;
  const lines = mistakes.map((one) => `  ${one}`).join('\n');
  throw new PolicyUnusable('mistakes', `${file}: the template cannot be used:\n${lines}`);
}

async function read(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new PolicyUnusable('unreadable', `${file}: ${what} cannot be read (${reason})`, {
      cause,
    });
  }
}
