import { isJsonObject, textOf, type JsonObject } from '../json.ts';
import { own } from '../own.ts';

/** Where blocks are shown: each surface takes its own set of them. */
export type Surface = 'message' | 'modal' | 'home';

/** Something that Slack refuses, with the JSON pointer (RFC 6901) to it. */
export interface Problem {
  message: string;
  pointer: string;
}

/** A place in the value under validation, and where its problems are put down. */
export interface Place {
  pointer: string;
  surface: Surface;
  problems: Problem[];
}

/** Checks one value and puts its problems down. */
export type Rule = (value: unknown, at: Place) => void;

export interface Field {
  rule: Rule;
  required: boolean;
}

export function report(at: Place, message: string): void {
  at.problems.push({ message, pointer: at.pointer });
}

function inside(at: Place, key: string | number): Place {
  return { ...at, pointer: `${at.pointer}/${key}` };
}

export const required = (rule: Rule): Field => ({ rule, required: true });
export const optional = (rule: Rule): Field => ({ rule, required: false });

/** An object with exactly these fields; `also` checks what depends on several of them. */
export function object(
  fields: Record<string, Field>,
  also: (value: JsonObject, at: Place) => void = () => {},
): Rule {
  return (value, at) => {
    if (!isJsonObject(value)) return report(at, 'must provide an object');
    for (const [name, field] of Object.entries(fields)) {
      if (value[name] !== undefined) field.rule(value[name], inside(at, name));
      else if (field.required) report(at, `missing required field: ${name}`);
    }
    for (const name of Object.keys(value)) {
      if (!(name in fields)) report(at, `invalid additional property: ${name}`);
    }
    also(value, at);
  };
}

export function text({ max, min = 0 }: { max: number; min?: number }): Rule {
  return (value, at) => {
    if (typeof value !== 'string') return report(at, 'must provide a string');
    if (value.length > max) report(at, `must be less than ${max + 1} characters`);
    if (value.length < min) report(at, `must be more than ${min - 1} characters`);
  };
}

export function list(rule: Rule, { max, min = 1 }: { max: number; min?: number }): Rule {
  return (value, at) => {
    if (!Array.isArray(value)) return report(at, 'must provide an array');
    if (value.length > max) report(at, `no more than ${max} items allowed`);
    if (value.length < min) report(at, `no fewer than ${min} items allowed`);
    value.forEach((item, index) => rule(item, inside(at, index)));
  };
}

export const boolean: Rule = (value, at) => {
  if (typeof value !== 'boolean') report(at, 'must be a boolean');
};

export function integer({ min, max }: { min: number; max: number }): Rule {
  return (value, at) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      return report(at, 'must be an integer');
    if (value < min || value > max) report(at, `must be between ${min} and ${max}`);
  };
}

export function literal(...allowed: string[]): Rule {
  return (value, at) => {
    if (typeof value !== 'string' || !allowed.includes(value)) {
      report(at, `must be one of: ${allowed.join(', ')}`);
    }
  };
}

export function matching(pattern: RegExp, name: string): Rule {
  return (value, at) => {
    if (typeof value !== 'string' || !pattern.test(value)) report(at, `must be a valid ${name}`);
  };
}

/** One of several kinds of object, told apart by their `type`. */
export function byType(rules: Record<string, Rule>): Rule {
  return (value, at) => {
    if (!isJsonObject(value)) return report(at, 'must provide an object');
    const type = value['type'];
    const rule = typeof type === 'string' ? own(rules, type) : undefined;
    if (type === undefined) return report(at, 'missing required field: type');
    if (!rule) return report(inside(at, 'type'), `unsupported type: ${textOf(type)}`);
    rule(value, at);
  };
}

/** Any object: for parts of Block Kit that Slack documents as opaque or that apps do not write. */
export const anyObject: Rule = (value, at) => {
  if (!isJsonObject(value)) report(at, 'must provide an object');
};
