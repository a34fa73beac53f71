/**
 * Tables of the vaults. Every `bytea` body is wrapped under the vault's envelope key.
 * No clock, no serial and no library-system id stands on any of these rows.
 */
import {
  boolean,
  customType,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";

export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => "bytea",
  toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
  fromDriver: (value) => new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
});

export const vaults = pgTable("vaults", {
  id: uuid("id").primaryKey(),
  /** HMAC of the patron id under the keyring's handle key. */
  handle: bytes("handle").notNull().unique(),
  head: bytes("head").notNull(),
  manifest: bytes("manifest").notNull(),
});

/** The shred key (key_id `shred`) and one OPRF key per passphrase slot (key_id = slot id), under the master. */
export const vaultKeys = pgTable(
  "vault_keys",
  {
    vaultId: uuid("vault_id")
      .notNull()
      .references(() => vaults.id, { onDelete: "cascade" }),
    keyId: text("key_id").notNull(),
    generation: integer("generation").notNull(),
    wrapped: bytes("wrapped").notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.keyId] })],
);

const partOfVault = () => ({
  id: uuid("id").primaryKey(),
  vaultId: uuid("vault_id")
    .notNull()
    .references(() => vaults.id, { onDelete: "cascade" }),
  body: bytes("body").notNull(),
});

export const vaultSlots = pgTable("vault_slots", partOfVault(), (table) => [index().on(table.vaultId)]);
export const vaultChapters = pgTable("vault_chapters", partOfVault(), (table) => [index().on(table.vaultId)]);
export const vaultInbox = pgTable("vault_inbox", partOfVault(), (table) => [index().on(table.vaultId)]);

/**
 * While the library lets go of vaults that nobody opens: when each was last opened, to the month, sealed under the
 * vault's envelope key and always equally long. Empty while the library does not.
 */
export const vaultOpenings = pgTable("vault_openings", {
  vaultId: uuid("vault_id")
    .primaryKey()
    .references(() => vaults.id, { onDelete: "cascade" }),
  body: bytes("body").notNull(),
});

/** Loans still out, as keyed hashes: needed to match a return. UNLOGGED (see the migration), gone on return. */
export const loanMarks = pgTable(
  "loan_marks",
  {
    hash: bytes("hash").primaryKey(),
    vaultId: uuid("vault_id")
      .notNull()
      .references(() => vaults.id, { onDelete: "cascade" }),
    /** False while only later events of the loan have come: its checkout is then still news. */
    checkoutSeen: boolean("checkout_seen").notNull(),
    /** First day of a month, long after the due day: when a mark whose return never came is swept. */
    until: date("until", { mode: "string" }).notNull(),
  },
  (table) => [index().on(table.vaultId)],
);

/** Every table of which a row belongs to one vault, and goes with it. */
export const vaultTables = [
  vaults,
  vaultKeys,
  vaultSlots,
  vaultInbox,
  loanMarks,
  vaultChapters,
  vaultOpenings,
];
