import { bigint, customType, pgSchema, timestamp, uuid } from 'drizzle-orm/pg-core';

/* The kinds of columns that the mirrors of the tables share. */
export const app = pgSchema('app');

export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value),
  fromDriver: (value) => new Uint8Array(value),
});

export const byteArray = customType<{ data: Uint8Array[]; driverData: Buffer[] }>({
  dataType: () => 'bytea[]',
  toDriver: (value) => value.map((item) => Buffer.from(item)),
  fromDriver: (value) => value.map((item) => new Uint8Array(item)),
});

export const int8 = (name?: string) =>
  name === undefined ? bigint({ mode: 'number' }) : bigint(name, { mode: 'number' });
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
export const tenantId = () => uuid('tenant_id').notNull();
export const bypassId = () => uuid('bypass_id').notNull();
