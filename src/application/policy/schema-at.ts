import { z } from 'zod';
import type { Path } from './mistake.ts';

/** The schema for the part of a document at `path`; `undefined` where the language has none. */
export function schemaAt(
  root: z.core.$ZodType,
  document: unknown,
  path: Path,
): z.ZodType | undefined {
  let schema: z.core.$ZodType | undefined = unwrapped(root, document);
  let value = document;
  for (const step of path) {
    if (schema === undefined) return undefined;
    value = valueAt(value, step);
    schema = below(schema, step);
    if (schema !== undefined) schema = unwrapped(schema, value);
  }
  return schema instanceof z.ZodType ? schema : undefined;
}

/** What `document` holds at `path`. */
export function valueIn(document: unknown, path: Path): unknown {
  return path.reduce(valueAt, document);
}

function valueAt(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}

function below(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodObject && Object.hasOwn(schema.shape, step)) {
    return (schema.shape as Record<string | number, z.core.$ZodType>)[step];
  }
  return undefined;
}

function unwrapped(schema: z.core.$ZodType, value: unknown): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrapped(schema.unwrap(), value);
  }
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const { discriminator } = schema.def;
  return schema.options.find((option) => {
    const marker = option instanceof z.ZodObject ? below(option, discriminator) : undefined;
    return marker instanceof z.ZodLiteral && marker.value === valueAt(value, discriminator);
  });
}
