/** What each server process does once, before it answers. */

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startProcess } = await import("./lib/process-start");
  await startProcess();
}
