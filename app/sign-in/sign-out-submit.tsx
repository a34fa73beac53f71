"use client";
/** The form that ends the session. With JavaScript it also locks a history that is open in another tab. */
import type { ReactNode } from "react";
import { lockOtherTabs } from "../history/lock-everywhere";

export function SignOutSubmit({ children }: { children: ReactNode }) {
  return (
    <form method="post" action="/api/auth/signout" onSubmit={() => lockOtherTabs()}>
      {children}
    </form>
  );
}
