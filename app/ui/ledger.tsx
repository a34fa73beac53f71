/** A ruled table that can be scrolled sideways by keyboard when the screen is narrow. */
import type { ReactNode } from "react";

interface LedgerProps {
  caption: ReactNode;
  /** The caption is read out but not shown: where a heading above says the same. */
  captionHidden?: boolean;
  columns: readonly ReactNode[];
  /** The rows: `<tr>` elements whose first cell is `<th scope="row">`. */
  children: ReactNode;
  /** Names the scrolling region. */
  label: string;
}

export function Ledger({ caption, captionHidden = false, columns, children, label }: LedgerProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="overflow-x-auto">
      <table className="ledger w-full border-collapse">
        <caption className={captionHidden ? "sr-only" : "pb-2 text-start font-semibold"}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the columns of one table never change their order
              <th key={index} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
