/** Which of PostgreSQL's settings would write down what the library forgets. Pure. */

export interface SettingFaults {
  /** Statements, parameters or quoted rows would reach PostgreSQL's log. */
  log: string[];
  /** The write-ahead log, with every deleted byte, is kept or sent elsewhere. */
  archive: string[];
  /** Every row would carry the moment of its commit. */
  clock: string[];
  /** A crash could lose re-wrapped keys after their old master is destroyed. */
  durable: string[];
}

type Group = keyof SettingFaults;
type Sound = (setting: string) => boolean;

const is =
  (...sound: string[]): Sound =>
  (setting) =>
    sound.includes(setting);

/** Messages of level error quote values; their details quote whole rows. So no such message, and terse ones at that. */
const rules: Record<string, [Group, Sound]> = {
  log_statement: ["log", is("none", "ddl")],
  log_min_duration_statement: ["log", is("-1")],
  log_min_duration_sample: ["log", is("-1")],
  log_transaction_sample_rate: ["log", is("0")],
  log_parameter_max_length: ["log", is("0")],
  log_parameter_max_length_on_error: ["log", is("0")],
  log_min_messages: ["log", is("log", "fatal", "panic")],
  log_error_verbosity: ["log", is("terse")],
  debug_print_parse: ["log", is("off")],
  debug_print_plan: ["log", is("off")],
  session_preload_libraries: ["log", (setting) => !setting.includes("auto_explain")],
  shared_preload_libraries: ["log", (setting) => !/auto_explain|pgaudit/.test(setting)],
  archive_mode: ["archive", is("off")],
  track_commit_timestamp: ["clock", is("off")],
  fsync: ["durable", is("on")],
  full_page_writes: ["durable", is("on")],
};

export const settingNames = Object.keys(rules);

/** A setting that this user may not see counts as a fault: nobody has looked. */
export function examineSettings(settings: ReadonlyMap<string, string>): SettingFaults {
  const faults: SettingFaults = { log: [], archive: [], clock: [], durable: [] };
  for (const [name, [group, isSound]] of Object.entries(rules)) {
    const setting = settings.get(name);
    if (setting === undefined) faults[group].push(`${name} cannot be seen`);
    else if (!isSound(setting)) faults[group].push(`${name} = ${setting}`);
  }
  return faults;
}
