/** The frame of every page below the header: heading, lead, and sections in one column. */
import type { ReactNode } from "react";

interface PageProps {
  heading: ReactNode;
  lead?: ReactNode;
  /** "measure" for reading and forms, "page" for lists and tables. */
  width?: "measure" | "page";
  children?: ReactNode;
}

export function Page({ heading, lead, width = "measure", children }: PageProps) {
  return (
    <div
      className={`mx-auto grid w-full gap-8 px-4 py-8 sm:px-6 sm:py-12 ${width === "page" ? "max-w-page" : "max-w-measure"}`}
    >
      <header className="grid gap-3">
        <h1 className="text-3xl sm:text-4xl">{heading}</h1>
        {lead ? <p className="max-w-measure text-lg text-muted">{lead}</p> : null}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  /** Names the section for assistive technology; the heading's id. */
  id: string;
  heading: ReactNode;
  children: ReactNode;
}

export function Section({ id, heading, children }: SectionProps) {
  return (
    <section aria-labelledby={id} className="grid gap-4">
      <h2 id={id} className="text-2xl">
        {heading}
      </h2>
      {children}
    </section>
  );
}

/** A ruled sheet of card stock: the ground for a form or for one thing. */
export function Card({ className = "", children }: { className?: string; children: ReactNode }) {
  return <div className={`catalogue-card grid gap-5 p-5 sm:p-7 ${className}`}>{children}</div>;
}
