"use client";
/** Where the focus goes when a part of the page shows its next step: to the step's own heading, or else to the part's. */
import { type RefObject, useEffect, useRef } from "react";

/** Nothing moves until the step changes, so that a page which has just been opened keeps its focus. */
export function useStepFocus(step: string): {
  heading: RefObject<HTMLHeadingElement | null>;
  /** The step's own; absent in a step that has none. */
  inner: RefObject<HTMLHeadingElement | null>;
} {
  const heading = useRef<HTMLHeadingElement>(null);
  const inner = useRef<HTMLHeadingElement>(null);
  const previous = useRef(step);
  useEffect(() => {
    if (previous.current !== step) (inner.current ?? heading.current)?.focus();
    previous.current = step;
  }, [step]);
  return { heading, inner };
}
