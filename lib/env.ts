/** Everything the environment may say, parsed once. `.env.example` lists the same names. */
import { z } from "zod";

const whole = (fallback: number) => z.coerce.number().int().min(0).default(fallback);

/** What a SIP2 field can carry. */
const sip2Text = z.string().regex(/^[^|\p{Cc}]*$/u, "must not contain | or control characters");

/** Where a card number and PIN may go: https, or a server on this very machine. The connector checks it again. */
const libraryAddress = z
  .url({ protocol: /^https?$/ })
  .refine(
    (address) =>
      /^(https:|http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$))/.test(address) && !/[?#@]/.test(address),
    "must be https (http on this machine alone), without a user, ? or #",
  );

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  /** The address that the web server listens on. Loopback unless the library says otherwise. */
  HOST: z.string().min(1).default("127.0.0.1"),
  DATA_DIR: z.string().min(1).default(".data"),
  /** A PostgreSQL connection string. `npm start` sets it to the embedded server when it is empty. */
  DATABASE_URL: z.string().min(1),
  /** A small PostgreSQL database on another server, in which several machines share the keyring. Unset: a file in DATA_DIR. */
  KEYRING_DATABASE_URL: z.string().min(1).optional(),
  LIBRARY_SYSTEM: z.enum(["demo", "sip2", "koha", "evergreen", "paia"]).default("demo"),
  /** Signs and encrypts session cookies. `npm start` makes one in DATA_DIR when it is empty. */
  AUTH_SECRET: z.string().min(32),
  /** The bearer token a library system shows at `POST /api/loans/events`. Made like AUTH_SECRET. */
  LOANS_TOKEN: z.string().min(32),
  /** The address patrons type, such as https://catalogue.example.org. Cookies are Secure when it is https. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The library's own time zone: due days are counted in it. */
  LIBRARY_TIME_ZONE: z
    .string()
    .refine((zone) => isTimeZone(zone), "is not a time zone such as America/New_York")
    .default("America/New_York"),
  /** The ISO 4217 code of the money that fines are counted in. */
  LIBRARY_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default("USD"),
  LIBRARY_NAME: z.string().min(1).default("Commonplace Library"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  /** After how many minutes without a request a patron is signed out. */
  SESSION_MINUTES: whole(30),
  /** How many reverse proxies of the library's own stand in front; 0 means that X-Forwarded-For is ignored. */
  TRUSTED_PROXIES: whole(0),
  /** Demo library: days after which the last borrower tied to an item is cleared. */
  LAST_BORROWER_DAYS: whole(14),
  /** After how many whole months a vault that nobody opened is deleted, its patron warned for 60 days; 0: never. */
  UNOPENED_VAULT_MONTHS: whole(0),
  /** Hours of the library's day, such as 0-5, in which a server process may close tables to write them anew. */
  QUIET_HOURS: z
    .string()
    .regex(/^([01]?\d|2[0-3])-([01]?\d|2[0-4])$/, "is not a span of hours such as 0-5")
    .default("0-5"),
  /** Whether server processes erase what is due by themselves. Without it, cron runs `npm run sweep`, hourly or daily. */
  SWEEP_IN_PROCESS: z.stringbool().default(true),
  /** SIP2: where the library system's server listens. Needed with LIBRARY_SYSTEM=sip2. */
  SIP2_HOST: z.string().min(1).optional(),
  SIP2_PORT: z.coerce.number().int().min(1).max(65535).default(6001),
  SIP2_TLS: z.stringbool().default(false),
  /** A PEM file with the authority that signed the server's certificate, where it is none that Node knows. */
  SIP2_TLS_CA_FILE: z.string().min(1).optional(),
  /** Both, or neither where the server asks for no login. */
  SIP2_LOGIN_USER: sip2Text.optional(),
  SIP2_LOGIN_PASSWORD: sip2Text.optional(),
  SIP2_LOCATION: sip2Text.default(""),
  SIP2_INSTITUTION: sip2Text.default(""),
  SIP2_TERMINAL_PASSWORD: sip2Text.default(""),
  SIP2_ENCODING: z.enum(["utf-8", "latin-1", "cp850"]).default("utf-8"),
  /** At most so many at once, from each server process. */
  SIP2_CONNECTIONS: z.coerce.number().int().min(1).max(50).default(3),
  /** Koha: the address of its staff or public interface, or of its REST API. Needed with LIBRARY_SYSTEM=koha. */
  KOHA_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isBareAddress, "must hold no user, password, query or fragment")
    .optional(),
  /** The API key of the user made for Commonplace in Koha. */
  KOHA_CLIENT_ID: z.string().min(1).optional(),
  KOHA_CLIENT_SECRET: z.string().min(1).optional(),
  /** A PEM file with the authority that signed Koha's certificate, where it is none that Node knows. */
  KOHA_CA_FILE: z.string().min(1).optional(),
  /** Whether that user may read holds and charges, which are two more permissions. */
  KOHA_HOLDS: z.stringbool().default(true),
  KOHA_FINES: z.stringbool().default(true),
  /** Card numbers and PINs in clear: for a line that is encrypted otherwise. Not needed on this very machine. */
  KOHA_PLAIN_HTTP: z.stringbool().default(false),
  /** At most so many at once, from each server process. */
  KOHA_CONNECTIONS: z.coerce.number().int().min(1).max(50).default(6),
  /** Evergreen: the server's address; with EVERGREEN_SPEAKS=rest, what stands before `/self`. */
  EVERGREEN_URL: libraryAddress.optional(),
  EVERGREEN_SPEAKS: z.enum(["gateway", "rest"]).default("gateway"),
  EVERGREEN_CONNECTIONS: z.coerce.number().int().min(1).max(50).default(6),
  /** PAIA: the base addresses of its two halves. */
  PAIA_AUTH_URL: libraryAddress.optional(),
  PAIA_CORE_URL: libraryAddress.optional(),
  /** Whether the server tells fees. */
  PAIA_FEES: z.stringbool().default(true),
  PAIA_CONNECTIONS: z.coerce.number().int().min(1).max(50).default(6),
});

/** Its message names the variables at fault and never their values: it is for whoever starts the library. */
export class EnvironmentFault extends Error {
  readonly code = "environment-unusable";

  constructor(faults: string[]) {
    super(`The environment cannot be used. ${faults.join("; ")}. See .env.example.`);
    this.name = "EnvironmentFault";
  }
}

function isBareAddress(address: string): boolean {
  const { username, password, search, hash } = new URL(address);
  return `${username}${password}${search}${hash}` === "";
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Every variable that is ours, for `.env.example` and for tests that must not inherit any. */
export const environmentNames = Object.keys(environmentSchema.shape);

export type Environment = z.infer<typeof environmentSchema>;

let parsed: Environment | undefined;

/**
 * The parsed environment. Empty values count as unset.
 * @throws EnvironmentFault
 */
export function env(): Environment {
  parsed ??= parseEnvironment(process.env);
  return parsed;
}

export function parseEnvironment(source: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = environmentSchema.safeParse(given);
  if (result.success) {
    const missing = findMissing(result.data);
    if (missing.length > 0) throw new EnvironmentFault(missing);
    return result.data;
  }
  const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new EnvironmentFault(faults);
}

/** What the chosen library system cannot do without, or what its settings contradict. */
function findMissing(settings: Environment): string[] {
  const found: Record<Environment["LIBRARY_SYSTEM"], () => string[]> = {
    demo: () => [],
    sip2: () => missingForSip2(settings),
    koha: () => missingForKoha(settings),
    evergreen: () => missingAddresses(settings, ["EVERGREEN_URL"]),
    paia: () => missingAddresses(settings, ["PAIA_AUTH_URL", "PAIA_CORE_URL"]),
  };
  return found[settings.LIBRARY_SYSTEM]().filter((fault) => fault !== "");
}

function missingForSip2({
  SIP2_HOST,
  SIP2_LOGIN_USER,
  SIP2_LOGIN_PASSWORD,
  SIP2_TLS,
  SIP2_TLS_CA_FILE,
}: Environment): string[] {
  return [
    SIP2_HOST === undefined ? "SIP2_HOST: is needed with LIBRARY_SYSTEM=sip2" : "",
    (SIP2_LOGIN_USER === undefined) === (SIP2_LOGIN_PASSWORD === undefined)
      ? ""
      : "SIP2_LOGIN_USER and SIP2_LOGIN_PASSWORD: give both, or neither where the server asks for no login",
    SIP2_TLS_CA_FILE !== undefined && !SIP2_TLS
      ? "SIP2_TLS_CA_FILE: has no effect without SIP2_TLS=true"
      : "",
  ];
}

function missingForKoha({
  KOHA_URL,
  KOHA_CLIENT_ID,
  KOHA_CLIENT_SECRET,
  KOHA_CA_FILE,
  KOHA_PLAIN_HTTP,
}: Environment): string[] {
  const needed = { KOHA_URL, KOHA_CLIENT_ID, KOHA_CLIENT_SECRET };
  const missing = Object.entries(needed).filter(([, value]) => value === undefined);
  const { protocol = "https:", hostname = "" } = KOHA_URL === undefined ? {} : new URL(KOHA_URL);
  const isPlain = protocol === "http:";
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return [
    ...missing.map(([name]) => `${name}: is needed with LIBRARY_SYSTEM=koha`),
    isPlain && !isHere && !KOHA_PLAIN_HTTP
      ? "KOHA_URL: must be https; PINs would cross the network in clear (KOHA_PLAIN_HTTP=true where the line is encrypted otherwise)"
      : "",
    isPlain && KOHA_CA_FILE !== undefined ? "KOHA_CA_FILE: has no effect without https" : "",
  ];
}

function missingAddresses(
  settings: Environment,
  names: readonly ("EVERGREEN_URL" | "PAIA_AUTH_URL" | "PAIA_CORE_URL")[],
): string[] {
  return names
    .filter((name) => settings[name] === undefined)
    .map((name) => `${name}: is needed with LIBRARY_SYSTEM=${settings.LIBRARY_SYSTEM}`);
}
