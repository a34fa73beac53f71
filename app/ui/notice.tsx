/** One message set apart from the page: what happened, what was kept, what to do. */
import type { ReactNode } from "react";

export type NoticeKind = "info" | "ok" | "warning" | "danger";

interface NoticeProps {
  kind?: NoticeKind;
  heading?: ReactNode;
  /** Announce it when it appears: politely, or at once. Leave it out for a notice that is there from the start. */
  announce?: "status" | "alert";
  id?: string;
  children?: ReactNode;
}

const looks: Record<NoticeKind, string> = {
  info: "border-accent bg-info-wash",
  ok: "border-ok bg-ok-wash",
  warning: "border-warning bg-warning-wash",
  danger: "border-danger bg-danger-wash",
};

/** The mark beside the words, so that colour is never the only sign. */
const marks: Record<NoticeKind, string> = {
  info: "M12 10.5v6M12 7.2v.1",
  ok: "M7.5 12.5l3 3 6-7",
  warning: "M12 7v6M12 16.4v.1",
  danger: "M8.5 8.5l7 7M15.5 8.5l-7 7",
};

const inks: Record<NoticeKind, string> = {
  info: "text-accent",
  ok: "text-ok",
  warning: "text-warning",
  danger: "text-danger",
};

export function Notice({ kind = "info", heading, announce, id, children }: NoticeProps) {
  return (
    <div
      {...(announce ? { role: announce } : {})}
      {...(id ? { id } : {})}
      className={`flex gap-3 rounded-card border border-s-4 px-4 py-3 ${looks[kind]}`}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true" className={`mt-0.5 size-6 shrink-0 ${inks[kind]}`}>
        <circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" strokeWidth="2" />
        <path d={marks[kind]} fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
      </svg>
      <div className="prose grid min-w-0 gap-2">
        {heading ? <p className="font-semibold">{heading}</p> : null}
        {children}
      </div>
    </div>
  );
}
