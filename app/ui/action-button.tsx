"use client";
/** A button for client code, with a pending state that is announced and keeps the focus. */
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { type ButtonKind, buttonLook } from "./button";

interface ActionButtonProps {
  kind?: ButtonKind;
  type?: "button" | "submit";
  pending?: boolean;
  /** Shown in place of the label while pending. */
  pendingLabel?: ReactNode;
  disabled?: boolean;
  autoFocus?: boolean;
  onPress?: () => void;
  /** A longer name for assistive technology; it begins with the words shown. */
  label?: string;
  className?: string;
  children: ReactNode;
}

export function ActionButton({
  kind = "primary",
  type = "button",
  pending = false,
  pendingLabel,
  disabled = false,
  autoFocus = false,
  onPress,
  label,
  className = "",
  children,
}: ActionButtonProps) {
  return (
    <AriaButton
      type={type}
      isPending={pending}
      isDisabled={disabled}
      autoFocus={autoFocus}
      {...(onPress ? { onPress } : {})}
      {...(label ? { "aria-label": label } : {})}
      className={`${buttonLook(kind)} data-pending:cursor-progress data-pending:opacity-80 ${className}`}
    >
      {pending && pendingLabel ? pendingLabel : children}
    </AriaButton>
  );
}
