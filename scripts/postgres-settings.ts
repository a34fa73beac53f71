/** The settings of the embedded PostgreSQL. */

/**
 * Given on the command line at each start, so that a new version's settings reach an old data folder.
 * [Note: why PostgreSQL's log holds no value] Its messages about errors can quote what was written (a card, a
 * title), so nothing of level ERROR is logged, nor any statement, parameter, detail or connection. The application
 * gets its errors itself.
 */
export function serverSettings(socketFolder: string): Record<string, string> {
  return {
    listen_addresses: "",
    unix_socket_directories: socketFolder,
    unix_socket_permissions: "0700",
    max_connections: "60",
    shared_buffers: "128MB",
    effective_cache_size: "512MB",
    work_mem: "8MB",
    maintenance_work_mem: "128MB",
    min_wal_size: "64MB",
    max_wal_size: "512MB",
    wal_level: "minimal",
    max_wal_senders: "0",
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_destination: "stderr",
    logging_collector: "off",
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_statement: "none",
    log_duration: "off",
    log_min_duration_statement: "-1",
    log_min_duration_sample: "-1",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    log_autovacuum_min_duration: "-1",
    log_checkpoints: "off",
    log_connections: "",
    log_disconnections: "off",
    log_lock_waits: "off",
    log_temp_files: "-1",
  };
}

/** How a new data folder is made: UTF-8 everywhere, an order of letters that no system update can change. */
export const initdbOptions = [
  "--username=postgres",
  "--auth=trust",
  "--encoding=UTF8",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  process.platform === "darwin" ? "--locale=en_US.UTF-8" : "--locale=C.UTF-8",
  "--data-checksums",
  "--no-instructions",
];

/** All that the server's programs see of our environment: no secret of ours. */
export const serverEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: "production",
  PATH: process.env.PATH,
  LC_ALL: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8",
  TZ: "UTC",
};
