"use client";
/** The library's name for what a reader takes home, such as the recovery sheet. */
import { createContext, type ReactNode, useContext } from "react";

const LibraryNameContext = createContext("");

export function LibraryName({ name, children }: { name: string; children: ReactNode }) {
  return <LibraryNameContext value={name}>{children}</LibraryNameContext>;
}

export function useLibraryName(): string {
  return useContext(LibraryNameContext);
}
