/**
 * The name of a page in its window, its tab and the reader's ear. It stands in the page itself, so that it changes with
 * the page: Next's metadata comes a moment later, and in between the window would have no name.
 */
import { env } from "@/lib/env";

/** "Page · Library", or the library alone on its first page. */
export function PageTitle({ name }: { name?: string }) {
  const { LIBRARY_NAME } = env();
  return <title>{name === undefined ? LIBRARY_NAME : `${name} · ${LIBRARY_NAME}`}</title>;
}
