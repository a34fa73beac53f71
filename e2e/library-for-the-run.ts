/** The one Commonplace that a run of the browser tests shares; specs that kill start their own. */
import { forgetDataDir, startLibrary } from "./running-library";

export default async function setup(): Promise<() => Promise<void>> {
  const library = await startLibrary();
  const { url, dataDir, postgresHome, databaseUrl, loansToken, logFile } = library;
  process.env.COMMONPLACE_E2E = JSON.stringify({
    url,
    dataDir,
    postgresHome,
    databaseUrl,
    loansToken,
    logFile,
  });
  return async () => {
    const code = await library.stop();
    if (code !== 0) throw new Error(`Commonplace did not stop cleanly (${code}).\n${library.output()}`);
    await forgetDataDir(dataDir);
  };
}
